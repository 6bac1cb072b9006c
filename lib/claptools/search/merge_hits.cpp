#include "claptools/search/merge_hits.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/table.hpp"

namespace claptools {
namespace {

const std::vector<std::string> kColumns{"query", "rank", "score", "id", "start_s", "end_s"};

/// Hits of all files for one query; Hit::row counts them as they were read.
struct Query {
  std::string name;
  std::vector<Hit> hits;
};

class HitTables {
 public:
  void read(const std::string& path) {
    const Table table = read_table_file(path, Delimiter::tab);
    std::vector<std::size_t> at;
    for (const std::string& column : kColumns) at.push_back(table.require(column, path));
    const auto meta = meta_columns(table, at);
    std::map<std::string, std::size_t> times;  // that a query of this name has begun
    std::size_t rank = 0;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const auto& row = table.rows[r];
      const std::string where = path + ":" + std::to_string(table.lines[r]);
      const auto given = number<std::size_t>(row[at[1]], where);
      if (given == 1) ++times[row[at[0]]];
      if (given != 1 && given != rank + 1) throw Error(Fault::data, where, "a rank is missing");
      rank = given;
      add(query(row[at[0]], times[row[at[0]]]), row, at, meta, where);
    }
  }

  HitTable merge(const HitOptions& options) {
    HitTable merged{meta_names_, {}};
    for (Query& query : queries_) {
      std::erase_if(query.hits, [&](const Hit& hit) { return !(hit.score >= options.min_score); });
      std::stable_sort(query.hits.begin(), query.hits.end(),
                       [](const Hit& a, const Hit& b) { return a.score > b.score; });
      const auto best = select_hits(query.hits, segments_, options);
      for (std::size_t i = 0; i < best.size(); ++i)
        merged.rows.push_back(row(query.name, i + 1, best[i]));
    }
    return merged;
  }

 private:
  template <typename T>
  static T number(const std::string& field, const std::string& where) {
    const auto value = parse<T>(field);
    if (!value) throw Error(Fault::data, where, "'" + field + "' is not a number");
    return *value;
  }

  /// Of each column of the table, its place among meta_; npos for those that are no meta columns.
  std::vector<std::size_t> meta_columns(const Table& table, const std::vector<std::size_t>& fixed) {
    std::vector<std::size_t> places(table.columns.size(), std::string::npos);
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (std::ranges::count(fixed, c) > 0) continue;
      const auto found = std::ranges::find(meta_names_, table.columns[c]);
      places[c] = static_cast<std::size_t>(found - meta_names_.begin());
      if (found == meta_names_.end()) meta_names_.push_back(table.columns[c]);
    }
    return places;
  }

  Query& query(const std::string& name, std::size_t occurrence) {
    const auto [found, is_new] = places_.try_emplace({name, occurrence}, queries_.size());
    if (is_new) queries_.push_back({name, {}});
    return queries_[found->second];
  }

  void add(Query& query, const std::vector<std::string>& row, const std::vector<std::size_t>& at,
           const std::vector<std::size_t>& meta, const std::string& where) {
    const auto start_s = number<double>(row[at[4]], where);
    const auto end_s = number<double>(row[at[5]], where);
    query.hits.push_back({segments_.size(), number<float>(row[at[2]], where), start_s, end_s});
    segments_.push_back({row[at[3]], start_s, end_s});
    scores_.push_back(row[at[2]]);
    std::vector<std::string> values(meta_names_.size());
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (meta[c] != std::string::npos) values[meta[c]] = unescape_tsv(row[c]);
    }
    meta_.push_back(std::move(values));
  }

  HitTable::Row row(const std::string& name, std::size_t rank, const Hit& hit) const {
    HitTable::Row row{unescape_tsv(name),
                      rank,
                      scores_[hit.row],
                      {unescape_tsv(segments_[hit.row].id), hit.start_s, hit.end_s},
                      meta_[hit.row]};
    row.meta.resize(meta_names_.size());  // columns of later files are empty
    return row;
  }

  std::vector<Query> queries_;
  std::map<std::pair<std::string, std::size_t>, std::size_t> places_;
  std::vector<Segment> segments_;               ///< by hit
  std::vector<std::string> scores_;             ///< as the files spell them
  std::vector<std::vector<std::string>> meta_;  ///< values of the columns known when it was read
  std::vector<std::string> meta_names_;
};

}  // namespace

HitTable merge_hits(std::span<const std::string> files, const HitOptions& options) {
  HitTables tables;
  for (const std::string& file : files) tables.read(file);
  return tables.merge(options);
}

}  // namespace claptools
