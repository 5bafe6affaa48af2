package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"error53/diag"
	"error53/diag/firmware"
)

// images are what --target names where it is a path: an IPSW, one of its lists, or the
// ones in a folder.
type images struct {
	name    string // the path, shown as it was typed
	folder  bool
	usable  []firmware.Image
	refused []firmware.Result // those that could not be read, with the reason
}

// fileError is about a file that the operator named.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string { return e.name + ": " + e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }

// wrongModelError is an image, or a folder of them, that is not for the phone.
type wrongModelError struct{ *diag.TargetError }

func (e wrongModelError) Unwrap() error { return e.TargetError }

// readTarget reads what --target names, if that is a path, before any phone is touched.
func (o *operator) readTarget(ctx context.Context) error {
	if !isPath(o.target) {
		return nil
	}
	if diag.Way(o.way) == diag.OTA {
		return &usageError{"no IPSW is installed over the air", "leave out --via ota, or state the version: --target 9.2.1"}
	}
	read, err := readImages(ctx, o.target)
	if err != nil {
		return &fileError{o.target, err}
	}
	o.images = read
	return nil
}

// isPath tells a path from a release. A file called 9.3 has to be written ./9.3.
func isPath(target string) bool {
	if strings.ContainsAny(target, "/"+string(filepath.Separator)) || firmware.IsNamed(target) {
		return true
	}
	version, _, _ := strings.Cut(target, ":")
	_, notVersion := diag.ParseVersion(version)
	_, notBuild := diag.ParseBuild(target)
	if target == "" || target == diag.Newest || notVersion == nil || notBuild == nil {
		return false
	}
	_, err := os.Stat(target)
	return err == nil
}

func readImages(ctx context.Context, path string) (*images, error) {
	read := &images{name: path}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		image, err := firmware.Open(path)
		read.usable = append(read.usable, image)
		return read, err
	}
	read.folder = true
	results, err := firmware.OpenFolder(ctx, path)
	if err != nil {
		return nil, err
	}
	for _, result := range results {
		switch {
		case result.Err == nil:
			read.usable = append(read.usable, result.Image)
		case !errors.Is(result.Err, firmware.ErrOtherDevice): // an image of a Watch suits no phone, and is no failure
			read.refused = append(read.refused, result)
		}
	}
	if len(read.usable) == 0 && len(read.refused) > 0 {
		return nil, &fileError{read.refused[0].Name, read.refused[0].Err}
	}
	return read, nil
}

// unread gives the files of a folder that could not be read as rows of the run.
func (i *images) unread() []phone {
	if i == nil {
		return nil
	}
	var rows []phone
	for _, refused := range i.refused {
		rows = append(rows, phone{origin: visible(refused.Name), err: refused.Err})
	}
	return rows
}
