package main

import (
	"cmp"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// newestLogs is how many logs are read when nobody names one.
const newestLogs = 10

// places tells where this computer's programs keep the logs of restores.
type places struct {
	goos   string
	getenv func(string) string
	here   string // the working directory
}

// logPlace is a folder and what to look for in it, both in the form of [fs.Glob], below a
// root that may hold any character.
type logPlace struct {
	root    string
	shown   string // the root as it is shown: nobody's account is in it
	folder  string
	pattern string
}

// name shows a file of the place, or what is looked for in it.
func (l logPlace) name(file string) string {
	return filepath.FromSlash(l.shown + "/" + strings.TrimPrefix(file, "./"))
}

// list names the places. iTunes and Finder: comments in published copies of MobileDevice.h.
// The packages of the Microsoft Store keep a roaming folder of their own. idevicerestore
// writes into the working directory (src/idevicerestore.c).
func (p places) list() []logPlace {
	const updaters, logs = "*Updater Logs", "*.log"
	var all []logPlace
	switch p.goos {
	case "darwin":
		all = []logPlace{{p.getenv("HOME"), "~", "Library/Logs/" + updaters, logs}}
	case "windows":
		all = []logPlace{
			{p.getenv("APPDATA"), "%APPDATA%", "Apple Computer/iTunes/" + updaters, logs},
			{p.getenv("LOCALAPPDATA"), "%LOCALAPPDATA%", "Packages/AppleInc.iTunes_*/LocalCache/Roaming/Apple Computer/iTunes/" + updaters, logs},
			{p.getenv("LOCALAPPDATA"), "%LOCALAPPDATA%", "Packages/AppleInc.AppleDevices_*/LocalCache/Roaming/Apple*/*/" + updaters, logs},
		}
	}
	all = append(all, logPlace{p.here, ".", ".", "restore_*.log"})
	return slices.DeleteFunc(all, func(l logPlace) bool { return l.root == "" })
}

// foundLog is a log, and how it is called.
type foundLog struct {
	path, label string
	changed     time.Time
}

// logs finds the logs, the newest first, and says where it looked.
func (p places) logs() (found []foundLog, searched []string) {
	for _, place := range p.list() {
		wanted := place.folder + "/" + place.pattern
		searched = append(searched, place.name(wanted))
		names, _ := fs.Glob(os.DirFS(place.root), path.Clean(wanted)) // the patterns are right
		for _, name := range names {
			file := filepath.Join(place.root, filepath.FromSlash(name))
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
				found = append(found, foundLog{file, visible(place.name(name)), info.ModTime()})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b foundLog) int { return cmp.Or(b.changed.Compare(a.changed), strings.Compare(a.path, b.path)) })
	return found, searched
}
