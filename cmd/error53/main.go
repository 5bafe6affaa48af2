package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := execute(ctx, systemStreams(), os.Args[1:])
	stop()
	os.Exit(code)
}
