package firmware

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
)

// The two lists of an IPSW, at its top [RESTORE].
const (
	buildManifest = "BuildManifest.plist"
	restoreList   = "Restore.plist"
)

// encryptedFlag marks an entry as encrypted, whatever the method [APPNOTE 4.4.4].
const encryptedFlag = 1

// readArchive reads the lists of an IPSW. BuildManifest.plist tells more; images
// before iOS 4 have none.
func readArchive(r io.ReaderAt, size int64) (Image, error) {
	archive, err := openArchive(r, size)
	if err != nil {
		return Image{}, err
	}
	var images []Image
	for _, name := range []string{buildManifest, restoreList} {
		entry, err := find(archive, name)
		if err != nil {
			return Image{}, err
		}
		if entry == nil {
			continue
		}
		image, err := readEntry(entry)
		if err != nil {
			return Image{}, err
		}
		images = append(images, image)
	}
	switch {
	case len(images) == 0:
		return Image{}, fmt.Errorf("%w: a zip archive without either", ErrNotFirmware)
	case len(images) == 2 && images[0].Release != images[1].Release:
		return Image{}, fmt.Errorf("%w: %s is for iOS %s, %s for %s", ErrInconsistent, buildManifest, images[0].Release, restoreList, images[1].Release)
	}
	return images[0], nil
}

// openArchive gives archive/zip the file with end records that were checked, so that
// it cannot find others.
func openArchive(r io.ReaderAt, size int64) (*zip.Reader, error) {
	d, err := findDirectory(r, size)
	if err != nil {
		return nil, err
	}
	records := d.records()
	archive, err := zip.NewReader(replaced{r, d.end, bytes.NewReader(records)}, d.end+int64(len(records)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return archive, nil
}

// replaced is a file with another end.
type replaced struct {
	file io.ReaderAt
	at   int64 // where the other end begins
	end  io.ReaderAt
}

// ReadAt reads across the seam.
func (r replaced) ReadAt(b []byte, at int64) (int, error) {
	if at >= r.at {
		return r.end.ReadAt(b, at-r.at)
	}
	head := b[:min(int64(len(b)), r.at-at)]
	n, err := r.file.ReadAt(head, at)
	if n < len(head) || len(head) == len(b) {
		return n, err
	}
	m, err := r.end.ReadAt(b[n:], 0)
	return n + m, err
}

// find finds the entry of a name; nil where there is none.
func find(archive *zip.Reader, name string) (*zip.File, error) {
	var found *zip.File
	for _, entry := range archive.File {
		if entry.Name != name {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("%w: it holds %s twice", ErrInconsistent, name)
		}
		found = entry
	}
	return found, nil
}

// readEntry reads one list out of the archive.
func readEntry(entry *zip.File) (Image, error) {
	data, err := contents(entry)
	if err != nil {
		return Image{}, err
	}
	image, err := decode(data)
	if err != nil {
		return Image{}, fmt.Errorf("%w, in its %s", err, entry.Name)
	}
	return image, nil
}

// contents unpacks an entry. archive/zip gives no more than the size that the entry
// claims, which is checked here, and compares the checksum.
func contents(entry *zip.File) ([]byte, error) {
	switch {
	case entry.Flags&encryptedFlag != 0:
		return nil, fmt.Errorf("%w: its %s asks for a password", ErrEncrypted, entry.Name)
	case entry.UncompressedSize64 > MaxManifest || entry.CompressedSize64 > MaxManifest:
		return nil, fmt.Errorf("%w: its %s has %d bytes, at most %d", ErrTooLarge, entry.Name, max(entry.UncompressedSize64, entry.CompressedSize64), MaxManifest)
	}
	r, err := entry.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: its %s: %w", ErrDamaged, entry.Name, err)
	}
	defer r.Close()
	var b bytes.Buffer
	b.Grow(int(entry.UncompressedSize64) + bytes.MinRead)
	if _, err := b.ReadFrom(r); err != nil {
		return nil, fmt.Errorf("%w: its %s: %w", ErrDamaged, entry.Name, err)
	}
	return b.Bytes(), nil
}
