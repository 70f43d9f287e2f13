//go:build tools

// Package tools pins the Go tools that the testbed builds from this module.
package tools

import _ "github.com/prometheus/blackbox_exporter"
