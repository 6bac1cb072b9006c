#include "claptools/index/rows/unite_rows.hpp"

#include <algorithm>

#include "claptools/core/error.hpp"
#include "claptools/store/vector_space.hpp"

namespace claptools {
namespace {

/// The position of a column, which is added if it is new.
std::size_t meta_column(IndexRows& rows, const std::string& name) {
  auto& names = rows.header.meta_columns;
  const auto found = std::ranges::find(names, name);
  const auto position = static_cast<std::size_t>(found - names.begin());
  if (found == names.end()) {
    names.push_back(name);
    rows.meta.emplace_back(rows.segments.size());
  }
  return position;
}

/// @param values_of values of a column by its number.
template <typename ValuesOf>
void append(IndexRows& rows, const std::vector<std::string>& columns,
            const std::vector<Segment>& segments, const ValuesOf& values_of) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    auto& values = rows.meta[meta_column(rows, columns[c])];
    values.insert(values.end(), values_of(c).begin(), values_of(c).end());
  }
  rows.segments.insert(rows.segments.end(), segments.begin(), segments.end());
  for (auto& values : rows.meta) values.resize(rows.segments.size());
}

}  // namespace

void require_same(const EmbeddingHeader& header, const EmbeddingHeader& expected,
                  const std::string& path) {
  const auto differs = [&](const std::string& what, const std::string& here,
                           const std::string& there) {
    if (here != there) {
      throw Error(Fault::data, path, what + " " + here + ", but the index has " + there);
    }
  };
  differs("model", "'" + header.model_name + "' " + header.model_sha256,
          "'" + expected.model_name + "' " + expected.model_sha256);
  differs("dimension", std::to_string(header.dim), std::to_string(expected.dim));
  differs("kind", header.kind, expected.kind);
  if (are_of_other_spaces(header.space, expected.space))
    throw Error(Fault::data, path, other_space(header.space, expected.space));
}

EmbeddingHeader index_header(EmbeddingHeader header) {
  header.half = false;
  header.frame_hop_s = 0;
  header.meta_columns.clear();
  return header;
}

void require_joinable(std::span<const RowPart> parts, const IndexRows& all) {
  require_joinable([&](const SeeMember& see) {
    for (const RowPart& part : parts)
      see(part.input, std::span(all.segments).subspan(part.first, part.rows));
  });
}

void append_rows(IndexRows& rows, const IndexInput& source) {
  append(rows, source.header().meta_columns, source.segments(),
         [&](std::size_t c) -> const std::vector<std::string>& { return source.meta(c); });
  rows.files.insert(rows.files.end(), source.files().begin(), source.files().end());
}

void append_rows(IndexRows& rows, const IndexRows& more) {
  append(rows, more.header.meta_columns, more.segments,
         [&](std::size_t c) -> const std::vector<std::string>& { return more.meta[c]; });
  rows.files.insert(rows.files.end(), more.files.begin(), more.files.end());
  rows.failures.insert(rows.failures.end(), more.failures.begin(), more.failures.end());
}

}  // namespace claptools
