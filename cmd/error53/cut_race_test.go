//go:build race

package main

// cutStep: the race detector makes a cell ten times as long, and has seen all that
// happens at a byte when it has seen its neighbours. A prime number, so that no
// structure of the messages is always missed.
const cutStep = 13
