package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"error53/diag/inspect"
	"error53/mocks/recording"
)

// readDumps reads the files of --from. Arguments that are files count among them,
// since a shell spells --from *.txt that way; the rest stay DEVICEs.
func (o *checkOptions) readDumps(ctx context.Context) (phones, refused []phone) {
	var devices []string
	for _, argument := range o.devices {
		if info, err := os.Stat(argument); err == nil && !info.IsDir() {
			o.from = append(o.from, argument)
		} else {
			devices = append(devices, argument)
		}
	}
	o.devices = devices
	for _, name := range o.from {
		read, err := o.readDump(ctx, name)
		if err != nil {
			refused = append(refused, phone{origin: visible(name), err: err})
		}
		phones = append(phones, read...)
	}
	return phones, refused
}

func (o *checkOptions) readDump(ctx context.Context, name string) ([]phone, error) {
	data, err := o.load(name)
	if err != nil {
		return nil, err
	}
	return phonesIn(ctx, name, data)
}

// phonesIn reads a dump or a recording. name is what it goes by, for people.
func phonesIn(ctx context.Context, name string, data []byte) ([]phone, error) {
	if recording.Is(data) {
		return replay(ctx, name, data)
	}
	readings, err := inspect.ReadDump(data)
	if err != nil {
		return nil, err
	}
	phones := make([]phone, 0, len(readings))
	for _, r := range readings {
		phones = append(phones, phone{facts: r.Facts, err: r.Err, origin: visible(name)})
	}
	return phones, nil
}

// replay reads the phone of a recording.
func replay(ctx context.Context, name string, data []byte) ([]phone, error) {
	recorded, err := recording.Parse(data)
	if err != nil {
		return nil, err
	}
	read, err := recorded.Replay(ctx)
	if err != nil {
		return nil, err
	}
	return []phone{{facts: read.Facts, err: read.Err, session: read.NoSession, origin: visible(name)}}, nil
}

// load reads a dump or a recording; "-" is standard input.
func (s streams) load(name string) ([]byte, error) {
	if name == "-" {
		return readWhole(s.in, name)
	}
	return loadFile(name)
}

func loadFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errFolder
	}
	return readWhole(file, name)
}

// readWhole reads not a byte more than a dump or a recording can have.
func readWhole(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, max(inspect.MaxDumpSize, recording.MaxSize)+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", visible(name), errors.Unwrap(err))
	}
	return data, nil
}
