package mocks_test

import (
	"context"
	"fmt"
	"log"

	"error53/mocks"
)

// A phone in two words, on a bench that a client can dial.
func Example() {
	phone, err := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1"}.Phone()
	if err != nil {
		log.Fatal(err)
	}
	bench := mocks.NewBench(phone)
	defer bench.Close()

	conn, err := bench.Dial(context.Background()) // as a client of usbmuxd does
	if err != nil {
		log.Fatal(err)
	}
	conn.Close()
	fmt.Println(phone.Name, phone.Values["BuildVersion"], phone.Values["HardwareModel"])
	// Output: iPhone 6 13B143 N61AP
}

func ExampleLoadScenario() {
	scenario, err := mocks.LoadScenario("one")
	if err != nil {
		log.Fatal(err)
	}
	bench := scenario.Bench()
	defer bench.Close()
	fmt.Println(scenario.Title)
	// Output: One iPhone 6 whose history nobody knows
}
