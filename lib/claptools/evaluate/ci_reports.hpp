#pragma once

#include <span>
#include <string>

#include "claptools/evaluate/compare/comparison.hpp"
#include "claptools/evaluate/gates.hpp"
#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// A result for a reader: six significant digits, but whole numbers in full, whatever the locale.
std::string short_number(double value);

/// A test suite of JUnit with one case per gate. @param name of the suite.
std::string junit_xml(const std::string& name, std::span<const Gate> gates);

/// Annotations of the gates that failed, a line each, as GitHub Actions reads them in a log.
std::string github_annotations(const std::string& name, std::span<const Gate> gates);

/// Totals and gates as tables in Markdown.
std::string markdown_summary(const std::string& name, const MetricValues& values,
                             std::span<const Gate> gates);

/// A table in Markdown. @param a, b names of the systems. @param note a line beneath; may be empty.
std::string markdown_comparison(const std::string& a, const std::string& b,
                                std::span<const ComparedMetric> rows, const std::string& note);

}  // namespace claptools
