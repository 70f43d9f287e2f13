package main

import (
	"log/slog"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

var promql = parser.NewParser(parser.Options{})

func init() {
	model.NameValidationScheme = model.UTF8Validation //nolint:staticcheck // what Prometheus's main does
}

func loadConfig(asked request) (*config.Config, error) {
	return config.LoadFile(asked.Path, asked.Agent, slog.New(slog.DiscardHandler))
}

func scrapeConfigs(loaded *config.Config) ([]*config.ScrapeConfig, error) {
	return loaded.GetScrapeConfigs()
}

func parseRules(path string, loaded *config.Config) []error {
	names := model.UTF8Validation
	if loaded != nil {
		names = loaded.GlobalConfig.MetricNameValidationScheme
	}
	_, problems := rulefmt.ParseFile(path, false, names, promql, slog.New(slog.DiscardHandler))
	return problems
}

func parseQuery(text string) error {
	_, err := promql.ParseExpr(text)
	return err
}
