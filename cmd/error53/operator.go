package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"error53/diag"
)

// operator is what the person at the keyboard says: about one phone (repair,
// Touch ID), and the plan for all (target, way). Empty means not said.
type operator struct {
	repair  string
	touchID string
	target  string
	way     string

	images *images // what the target names, once it was read; nil where it is no path
}

func (o *operator) addFlags(cmd *cobra.Command) {
	o.addStatements(cmd)
	o.addWay(cmd)
}

// addStatements adds the flags but that of the way.
func (o *operator) addStatements(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.repair, "repair", "", "what was done to the phone: "+words(diag.Repairs))
	flags.StringVar(&o.touchID, "touch-id", "", "whether Touch ID works today: "+words(diag.TouchIDs))
	o.addTarget(cmd)
}

func (o *operator) addTarget(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.target, "target", "", "iOS to be installed: 9.2.1, 13D20, 9.2.1:13D20, newest, an IPSW, its BuildManifest.plist, or a folder of IPSWs")
}

func (o *operator) addWay(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.way, "via", "", "how it will be installed: "+words(diag.Ways))
}

// validate refuses words that mean nothing, before any phone is touched.
func (o *operator) validate() error {
	if err := oneOf("--repair", o.repair, diag.Repairs); err != nil {
		return err
	}
	if err := oneOf("--touch-id", o.touchID, diag.TouchIDs); err != nil {
		return err
	}
	return oneOf("--via", o.way, diag.Ways)
}

func oneOf[T ~string](flag, said string, allowed []T) error {
	if said == "" || slices.Contains(allowed, T(said)) {
		return nil
	}
	return &usageError{fmt.Sprintf("%s %q is not one of the words it takes", flag, said), fmt.Sprintf("%s takes %s", flag, words(allowed))}
}

func words[T ~string](of []T) string {
	all := make([]string, len(of))
	for i, each := range of {
		all[i] = string(each)
	}
	return strings.Join(all, ", ")
}

// aboutOnePhone tells whether something was said that is true of one phone only.
func (o *operator) aboutOnePhone() bool { return o.repair != "" || o.touchID != "" }

// apply adds what was said to the facts, and the defaults for what was not. It
// fails where the device never had the target.
func (o *operator) apply(f *diag.Facts) error {
	say(&f.Repair, diag.Repair(o.repair), diag.RepairUnknown)
	say(&f.TouchID, diag.TouchID(o.touchID), diag.TouchIDUnknown)
	if o.way != "" {
		f.Way = diag.Known(diag.Way(o.way), diag.FromOperator)
	} else if !f.Way.Known() {
		f.Way = diag.NotKnown[diag.Way]("not said; taken as over USB")
	}
	return o.applyTarget(f)
}

// say keeps what is known already, such as the word of a scenario's technician,
// unless the operator says otherwise.
func say[T ~string](f *diag.Fact[T], said, fallback T) {
	switch {
	case said != "":
		*f = diag.Known(said, diag.FromOperator)
	case !f.Known():
		*f = diag.Known(fallback, diag.FromDefault)
	}
}

func (o *operator) applyTarget(f *diag.Facts) error {
	notSaid := diag.NotKnown[string]("not said: judged by the worst that could be installed")
	if f.Mode.Known() && f.Mode.Value != diag.Normal {
		notSaid = diag.NotKnown[string]("not said: taken as the newest, the only one believed signed")
	}
	f.TargetVersion, f.TargetBuild = notSaid, notSaid
	f.TargetFile, f.TargetFDR = diag.NotKnown[string](noFile), diag.NotKnown[bool](noFile)
	if o.target == "" {
		return nil
	}
	if err := o.stateTarget(f); err != nil {
		f.TargetVersion = diag.NotKnown[string]("the stated target cannot be meant for this model")
		f.TargetBuild = f.TargetVersion
		return err
	}
	return nil
}

const noFile = "no IPSW was named"

func (o *operator) stateTarget(f *diag.Facts) error {
	if o.images != nil {
		return o.images.state(f)
	}
	device, _ := diag.DeviceByType(f.ProductType.Value)
	version, build, err := diag.ParseTarget(device, o.target)
	if err == nil {
		f.TargetVersion, f.TargetBuild = version, build
	}
	return err
}
