#include "claptools/metrics/retrieval/judgements.hpp"

#include <cmath>
#include <map>
#include <string>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

double read_relevance(const std::string& word, std::string_view subject, std::size_t line) {
  const auto relevance = parse<double>(word);
  if (!relevance || !std::isfinite(*relevance) || *relevance < 0) {
    throw Error(Fault::data, subject,
                "line " + std::to_string(line) + ": relevance " + quote_name(word) +
                    " is not a number from 0 on");
  }
  return *relevance;
}

/// The judged items of each judged query, with their relevance.
using Judged = std::map<std::size_t, std::map<std::size_t, double>>;

Judgements relevant_of(const Judged& judged) {
  Judgements judgements;
  for (const auto& [query, items] : judged) {
    judgements.queries.push_back(query);
    auto& relevant = judgements.relevant.emplace_back();
    for (const auto& [item, relevance] : items) {
      if (relevance > 0) relevant.push_back({item, relevance});
    }
  }
  return judgements;
}

}  // namespace

bool has_judgements(const Table& table) { return table.find("query") && table.find("item"); }

Judgements match_judgements(const Table& table, std::string_view subject, ClipMatcher& queries,
                            ClipMatcher& items) {
  const std::size_t query_column = table.require("query", subject);
  const std::size_t item_column = table.require("item", subject);
  const auto relevance_column = table.find("relevance");
  Judged judged;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const double relevance =
        relevance_column ? read_relevance(row[*relevance_column], subject, table.lines[i]) : 1;
    const auto query = queries.find(row[query_column]);
    const auto item = items.find(row[item_column]);
    if (!query || !item) continue;
    if (!judged[*query].emplace(*item, relevance).second) {
      throw Error(Fault::data, subject,
                  "line " + std::to_string(table.lines[i]) + ": item " +
                      quote_name(row[item_column]) + " is judged twice for query " +
                      quote_name(row[query_column]));
    }
  }
  queries.settle(subject);
  items.settle(subject);
  if (judged.empty()) throw Error(Fault::data, subject, "judges no item that has scores");
  return relevant_of(judged);
}

}  // namespace claptools
