package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"error53/diag/inspect"
)

// readDumps reads the files of --from. Arguments that are files count among them,
// since a shell spells --from *.txt that way; the rest stay DEVICEs.
func (o *checkOptions) readDumps() (phones, refused []phone) {
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
		read, err := o.readDump(name)
		if err != nil {
			refused = append(refused, phone{origin: visible(name), err: err})
		}
		phones = append(phones, read...)
	}
	return phones, refused
}

func (o *checkOptions) readDump(name string) ([]phone, error) {
	data, err := o.load(name)
	if err != nil {
		return nil, err
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

// load reads a dump, and not a byte more than one can have.
func (o *checkOptions) load(name string) ([]byte, error) {
	r := o.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.IsDir() {
			return nil, errFolder
		}
		r = file
	}
	data, err := io.ReadAll(io.LimitReader(r, inspect.MaxDumpSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", visible(name), errors.Unwrap(err))
	}
	return data, nil
}
