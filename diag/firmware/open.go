package firmware

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"error53/usbmux/plist"
)

// Open reads an IPSW, or the BuildManifest.plist or Restore.plist of one, by its
// content and not by its name. The error wraps one of the sentinels of this package,
// or is that of the system.
func Open(path string) (Image, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Image{}, err
	}
	if !info.Mode().IsRegular() {
		return Image{}, fmt.Errorf("%w: not a file at all", ErrNotFirmware) // a pipe would make us wait
	}
	file, err := os.Open(path)
	if err != nil {
		return Image{}, err
	}
	defer file.Close()
	image, err := Read(file, info.Size())
	if err != nil {
		return Image{}, err
	}
	image.Name = filepath.Base(path)
	return image, nil
}

// Read is [Open] for a file of so many bytes that is open already; the image has no
// name.
func Read(r io.ReaderAt, size int64) (Image, error) {
	head := make([]byte, min(size, 512))
	if err := readAt(r, head, 0); err != nil {
		return Image{}, err
	}
	switch {
	case len(head) == 0:
		return Image{}, fmt.Errorf("%w: it is empty", ErrDamaged)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte(endSignature)):
		return readArchive(r, size)
	case !isList(head):
		return Image{}, ErrNotFirmware
	case size > MaxManifest:
		return Image{}, fmt.Errorf("%w: a property list of %d bytes, at most %d", ErrTooLarge, size, MaxManifest)
	}
	data := make([]byte, size)
	if err := readAt(r, data, 0); err != nil {
		return Image{}, err
	}
	return decode(data)
}

// isList tells whether a file begins as a property list does.
func isList(head []byte) bool {
	err := plist.Check(head)
	return !errors.Is(err, plist.ErrFormat) && !errors.Is(err, plist.ErrEmpty)
}

// Result is what became of one file of a folder.
type Result struct {
	Name  string // of the file, without its folder
	Image Image
	Err   error
}

// OpenFolder opens the files of a folder that are called .ipsw or .plist, in the order
// of their names; links are followed, folders in it are not looked into. The error,
// where the folder cannot be read or has no such file ([ErrNoImage]), is for all.
func OpenFolder(ctx context.Context, path string) ([]Result, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		file := filepath.Join(path, entry.Name())
		if info, err := os.Stat(file); !IsNamed(file) || err == nil && info.IsDir() {
			continue
		}
		image, err := Open(file)
		results = append(results, Result{entry.Name(), image, err})
	}
	if len(results) == 0 {
		return nil, ErrNoImage
	}
	return results, nil
}

// IsNamed tells whether a file is called as an IPSW or as one of its lists is.
func IsNamed(path string) bool {
	return slices.Contains([]string{".ipsw", ".plist"}, strings.ToLower(filepath.Ext(path)))
}
