// Command check holds the tree to its map: which package may import what, what
// may lie in the repository at all, and what can be asked of a phone. It reads the files that git tracks or
// would track, whatever their build tags, and prints one line per problem.
//
//	go run ./.ci/check
package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	problems, err := check(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(2)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}

// check reads the repository at root and returns what is wrong with it.
func check(root string) ([]string, error) {
	names, err := tracked(root)
	if err != nil {
		return nil, err
	}
	tree := os.DirFS(root)
	contents, err := checkContents(tree, names)
	if err != nil {
		return nil, err
	}
	imports, err := checkImports(tree, names)
	if err != nil {
		return nil, err
	}
	requests, err := checkRequests(tree, names)
	return slices.Concat(contents, imports, requests), err
}

// tracked lists the files in git's index and those that git add would put
// there, so that a mistake shows before it is committed. Files that were
// deleted but not yet removed from the index are left out.
func tracked(root string) ([]string, error) {
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	var names []string
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if info, err := os.Lstat(root + "/" + name); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
	}
	return names, nil
}
