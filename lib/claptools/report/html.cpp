#include "claptools/report/html.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "claptools/report/svg.hpp"

namespace claptools {
namespace {

constexpr std::string_view kHead = R"(<meta name="viewport" content="width=device-width"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 Helvetica, Arial, sans-serif; margin: 2em auto; max-width: 1100px; padding: 0 1em;
  color: #1b1b1b; background: #fff; overflow-wrap: anywhere; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #ccc; padding: .2em .9em .2em 0; text-align: left; vertical-align: top; }
th { white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
.wide th:first-child, .wide td:first-child { position: sticky; left: 0; white-space: nowrap; background: #fff; }
figure, .wide { margin: 1.5em 0; overflow-x: auto; }
figcaption { color: #5c5c5c; }
@media screen and (prefers-color-scheme: dark) {
  body { color: #e4e4e4; background: #161616; }
  th, td { border-color: #444; }
  figcaption { color: #aaa; }
  .wide th:first-child, .wide td:first-child { background: #161616; }
}
@media print { svg { max-width: 100%; height: auto; } figure { break-inside: avoid; } }
</style>
)";

std::string element(std::string_view tag, std::string_view text, bool number = false) {
  std::string out = "<";
  (out += tag) += number ? " class=\"number\">" : ">";
  ((out += escape_markup(text)) += "</") += tag;
  return out += '>';
}

std::string value_text(double value) {
  return result_text(value, value == std::floor(value) ? 0 : 4);
}

std::string provenance_table(const ReportPage& page) {
  if (page.provenance.empty()) return {};
  std::string out = "<table>\n";
  for (const auto& [key, value] : page.provenance) {
    out += "<tr>" + element("th", key) + element("td", value) + "</tr>\n";
  }
  return out + "</table>\n";
}

constexpr std::string_view kLow = ".ci_low", kHigh = ".ci_high";

/// "low – high" of a total, if the metrics have its confidence interval.
std::string interval_text(const MetricValues& metrics, const std::string& metric) {
  const auto bound = [&](std::string_view suffix) {
    return std::find_if(metrics.begin(), metrics.end(), [&](const MetricValue& m) {
      return m.class_name.empty() && m.metric == metric + std::string(suffix);
    });
  };
  const auto low = bound(kLow);
  const auto high = bound(kHigh);
  if (low == metrics.end() || high == metrics.end()) return {};
  return value_text(low->value) + " \xE2\x80\x93 " + value_text(high->value);
}

std::string totals_table(const MetricValues& metrics) {
  std::string rows;
  bool has_intervals = false;
  for (const MetricValue& m : metrics) {
    if (!m.class_name.empty() || m.metric.ends_with(kLow) || m.metric.ends_with(kHigh)) continue;
    rows += "<tr>" + element("td", m.metric) + element("td", value_text(m.value), true);
    const std::string interval = interval_text(metrics, m.metric);
    has_intervals |= !interval.empty();
    if (!interval.empty()) rows += element("td", interval, true);
    rows += "</tr>\n";
  }
  if (rows.empty()) return {};
  return "<h2>Metrics</h2>\n<table>\n<tr>" + element("th", "metric") +
         element("th", "value", true) +
         (has_intervals ? element("th", "95 % interval", true) : "") + "</tr>\n" + rows +
         "</table>\n";
}

/// Metrics that have values for the same classes, a column each.
struct ClassTable {
  std::vector<std::string> classes;
  std::vector<std::string> metrics;
  std::vector<std::vector<double>> columns;
};

void append_column(std::vector<ClassTable>& tables, const std::string& metric,
                   std::vector<std::string> classes, std::vector<double> column) {
  auto table = std::find_if(tables.begin(), tables.end(),
                            [&](const ClassTable& t) { return t.classes == classes; });
  if (table == tables.end()) {
    table = tables.insert(tables.end(), {std::move(classes), {}, {}});
  }
  table->metrics.push_back(metric);
  table->columns.push_back(std::move(column));
}

std::vector<ClassTable> class_tables(const MetricValues& metrics) {
  std::vector<ClassTable> tables;
  for (std::size_t i = 0; i < metrics.size();) {
    const std::string& metric = metrics[i].metric;
    std::vector<std::string> classes;
    std::vector<double> column;
    for (; i < metrics.size() && metrics[i].metric == metric; ++i) {
      if (metrics[i].class_name.empty()) continue;
      classes.push_back(metrics[i].class_name);
      column.push_back(metrics[i].value);
    }
    if (!classes.empty()) append_column(tables, metric, std::move(classes), std::move(column));
  }
  return tables;
}

std::string class_table(const ClassTable& table) {
  std::string out = "<div class=\"wide\"><table>\n<tr>" + element("th", "class");
  for (const std::string& metric : table.metrics) out += element("th", metric, true);
  out += "</tr>\n";
  for (std::size_t row = 0; row < table.classes.size(); ++row) {
    out += "<tr>" + element("td", table.classes[row]);
    for (const auto& column : table.columns) out += element("td", value_text(column[row]), true);
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

}  // namespace

std::string html_page(const ReportPage& page) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n";
  out += element("title", page.title) + '\n';
  (out += kHead) += "</head>\n<body>\n";
  out += element("h1", page.title) + '\n' + provenance_table(page) + totals_table(page.metrics);
  for (const ReportPlot& plot : page.plots) {
    out += "<figure>\n" + plot.svg;
    if (!plot.caption.empty()) out += element("figcaption", plot.caption) + '\n';
    out += "</figure>\n";
  }
  const std::vector<ClassTable> tables = class_tables(page.metrics);
  if (!tables.empty()) out += "<h2>By class</h2>\n";
  for (const ClassTable& table : tables) out += class_table(table);
  return out + "</body>\n</html>\n";
}

}  // namespace claptools
