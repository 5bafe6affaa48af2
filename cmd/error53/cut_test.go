//go:build !race

package main

// cutStep: the fault matrix cuts at every byte.
const cutStep = 1
