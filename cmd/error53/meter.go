package main

import (
	"fmt"
	"io"
	"time"
)

// meter shows how far a batch is, on a terminal.
type meter struct {
	w     io.Writer // nil = nobody looks
	rows  int
	start time.Time
	shown time.Time
}

// meterEvery is often enough to see that it goes on.
const meterEvery = 500 * time.Millisecond

func newMeter(s streams) *meter {
	m := &meter{start: time.Now()}
	if s.errTTY {
		m.w = s.err
	}
	return m
}

func (m *meter) add(rows int) {
	m.rows += rows
	if m.w != nil && time.Since(m.shown) >= meterEvery {
		m.show("")
	}
}

func (m *meter) show(end string) {
	m.shown = time.Now()
	seconds := max(time.Since(m.start).Seconds(), 0.001)
	fmt.Fprintf(m.w, "\r%d rows, %.0f a second%s", m.rows, float64(m.rows)/seconds, end)
}

func (m *meter) stop() {
	if m.w != nil && m.rows > 0 {
		m.show("\n")
	}
}
