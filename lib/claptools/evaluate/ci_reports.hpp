#pragma once

#include <span>
#include <string>

#include "claptools/evaluate/gates.hpp"
#include "claptools/metrics/metric_value.hpp"

namespace claptools {

/// A test suite of JUnit with one case per gate. @param name of the suite.
std::string junit_xml(const std::string& name, std::span<const Gate> gates);

/// Annotations of the gates that failed, a line each, as GitHub Actions reads them in a log.
std::string github_annotations(const std::string& name, std::span<const Gate> gates);

/// Totals and gates as tables in Markdown.
std::string markdown_summary(const std::string& name, const MetricValues& values,
                             std::span<const Gate> gates);

}  // namespace claptools
