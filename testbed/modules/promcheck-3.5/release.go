package main

import (
	"log/slog"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func init() {
	model.NameValidationScheme = model.UTF8Validation //nolint:staticcheck // what Prometheus's main does
}

func loadConfig(asked request) (*config.Config, error) {
	return config.LoadFile(asked.Path, asked.Agent, slog.New(slog.DiscardHandler))
}

func scrapeConfigs(loaded *config.Config) ([]*config.ScrapeConfig, error) {
	return loaded.GetScrapeConfigs()
}

func parseRules(path string, _ *config.Config) []error {
	_, problems := rulefmt.ParseFile(path, false)
	return problems
}

func parseQuery(text string) error {
	_, err := parser.ParseExpr(text)
	return err
}
