package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"error53/mocks/recording"
)

// errExists: the file to write is there.
var errExists = errors.New("the file exists")

// errSpecial: the file to write is a device, a pipe or a link.
var errSpecial = errors.New("no ordinary file")

func (o *recordOptions) refuseOverwriting() error {
	switch info, err := os.Lstat(o.file); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return &fileError{o.file, err}
	case info.IsDir():
		return &fileError{o.file, errFolder}
	case !info.Mode().IsRegular(): // a device, a link: a file put in its place would be a surprise
		return &fileError{o.file, errSpecial}
	case !o.force:
		return &fileError{o.file, errExists}
	}
	return nil
}

// writeWhole writes a file whole or not at all: under another name in the same folder
// first, so that neither a full disk nor an interruption leaves half of it.
func writeWhole(name string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".error53-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // which fails once it has its own name
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Chmod(file.Name(), 0o644)
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// checkFiles tells what looks like a real identifier, with the lines.
func (o *recordOptions) checkFiles(names []string) error {
	found := 0
	for _, name := range names {
		text, err := o.load(name)
		if err != nil {
			return &fileError{name, err}
		}
		for _, finding := range recording.Check(text) {
			found++
			fmt.Fprintf(o.out, "%s:%d: %s%s\n", visible(name), finding.Line, finding.Kind, under(finding.Key))
		}
	}
	if found > 0 {
		return fmt.Errorf("record: %w: %d places", recording.ErrUnmasked, found)
	}
	return nil
}

func under(key string) string {
	if key == "" {
		return ""
	}
	return " under " + visible(key)
}
