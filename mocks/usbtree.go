package mocks

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// tree is a file system in memory, as it is at the moment of each call. It finds an
// entry of its root without making all of them, so that a look at one is cheap.
type tree struct {
	entry   func(name string) (node, bool)
	entries func() []node
}

var _ fs.ReadLinkFS = tree{}

// node is a folder, a link, or a file. What is in it is made when somebody looks.
type node struct {
	name   string
	folder func() []node // nil: it is none
	link   string
	read   func() (string, error)
}

// find gives the node of a path. Links are not followed: they lead out of the tree.
func (t tree) find(op, name string) (node, error) {
	if !fs.ValidPath(name) {
		return node{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		return node{name: ".", folder: t.entries}, nil
	}
	first, rest, nested := strings.Cut(name, "/")
	n, ok := t.entry(first)
	for ok && nested {
		first, rest, nested = strings.Cut(rest, "/")
		n, ok = n.child(first)
	}
	if !ok {
		return node{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
}

// child finds what is in a folder.
func (n node) child(name string) (node, bool) {
	if n.folder == nil {
		return node{}, false
	}
	return named(n.folder(), name)
}

func named(nodes []node, name string) (node, bool) {
	i := slices.IndexFunc(nodes, func(n node) bool { return n.name == name })
	if i < 0 {
		return node{}, false
	}
	return nodes[i], true
}

// Open opens a file or a folder.
func (t tree) Open(name string) (fs.File, error) {
	n, err := t.find("open", name)
	switch {
	case err != nil:
		return nil, err
	case n.link != "":
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case n.folder != nil:
		return &openFolder{n, n.entries()}, nil
	}
	return &openFile{node: n}, nil
}

// ReadLink tells where a link leads.
func (t tree) ReadLink(name string) (string, error) {
	n, err := t.find("readlink", name)
	if err == nil && n.link == "" {
		err = &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	return n.link, err
}

// Lstat describes a file, a folder or a link.
func (t tree) Lstat(name string) (fs.FileInfo, error) {
	n, err := t.find("lstat", name)
	if err != nil {
		return nil, err
	}
	return n, nil
}

// A node describes itself. As in the kernel's own folders, the size of a file is one
// page, whatever is in it.
func (n node) Name() string       { return n.name }
func (n node) Size() int64        { return 4096 }
func (n node) ModTime() time.Time { return time.Time{} }
func (n node) IsDir() bool        { return n.folder != nil }
func (n node) Sys() any           { return nil }

func (n node) Mode() fs.FileMode {
	switch {
	case n.folder != nil:
		return fs.ModeDir | 0o555
	case n.link != "":
		return fs.ModeSymlink | 0o777
	}
	return 0o444
}

func (n node) entries() []fs.DirEntry {
	var entries []fs.DirEntry
	for _, inside := range n.folder() {
		entries = append(entries, fs.FileInfoToDirEntry(inside))
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries
}

// openFile makes its text at the first reading.
type openFile struct {
	node
	text *strings.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFile) Close() error               { return nil }

func (f *openFile) Read(b []byte) (int, error) {
	if f.text == nil {
		text, err := f.read()
		if err != nil {
			return 0, &fs.PathError{Op: "read", Path: f.name, Err: err}
		}
		f.text = strings.NewReader(text)
	}
	return f.text.Read(b)
}

// openFolder gives what is in it, some entries at a time.
type openFolder struct {
	node
	left []fs.DirEntry
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: errors.New("is a folder")}
}

func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(f.left)
	} else if len(f.left) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.left))
	entries := f.left[:n]
	f.left = f.left[n:]
	return entries, nil
}
