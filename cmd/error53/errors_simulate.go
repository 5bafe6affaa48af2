package main

import (
	"errors"
	"io/fs"
	"syscall"

	"error53/mocks"
)

// placeError is a place where virtual phones cannot be served: a path, or host:port.
type placeError struct {
	place string
	err   error
}

func (e *placeError) Error() string { return e.err.Error() }
func (e *placeError) Unwrap() error { return e.err }

// Why a place is none.
var (
	errTaken     = errors.New("something listens there")
	errNoSocket  = errors.New("something is there that is no socket")
	errFar       = errors.New("other computers can reach it")
	errBadPlace  = errors.New("not a host and a port")
	windowsInUse = syscall.Errno(10048) // WSAEADDRINUSE, which package syscall has no name for
)

// placeRows are about the place where virtual phones are to be served.
var placeRows = []row{
	{errTaken, explanation{"taken", exitFailure, "%s is taken: something listens there", anotherPlace + "; or end what listens there"}},
	{syscall.EADDRINUSE, explanation{"taken", exitFailure, "%s is taken: something listens there", anotherPlace + "; or end what listens there"}},
	{windowsInUse, explanation{"taken", exitFailure, "%s is taken: something listens there", anotherPlace + "; or end what listens there"}},
	{errNoSocket, explanation{"taken", exitFailure, "%s is there already, and it is no socket: it is left alone", anotherPlace}},
	{errFar, explanation{"far", exitUsage, "other computers could reach %s", "take 127.0.0.1 as the host, or add --anywhere if that is meant"}},
	{errBadPlace, explanation{"bad-place", exitUsage, "%s is not HOST:PORT", "name a host and a port: --tcp 127.0.0.1:27015; port 0 takes any that is free"}},
	{syscall.EINVAL, explanation{"bad-place", exitUsage, "%s cannot be the path of a socket: it is too long", "name a shorter one: --socket PATH"}},
	{fs.ErrNotExist, explanation{"no-folder", exitFailure, "the folder of %s is not there", anotherPlace + "; or make the folder: mkdir"}},
	{fs.ErrPermission, explanation{"permission", exitDaemon, "this user may not listen at %s", anotherPlace}},
}

const anotherPlace = "name another place: --socket PATH, or --tcp 127.0.0.1:0"

// explainScenario gives the place in the file, which an editor can go to.
func explainScenario(e *mocks.ScenarioError) explanation {
	return explanation{"bad-scenario", exitFailure, visible(withoutPackage(e)), "correct the file at that line and column; see error53 help scenarios"}
}

func explainStep(e *mocks.StepError) explanation {
	return explanation{"impossible-step", exitFailure, withoutPackage(e), "list tells what is where"}
}
