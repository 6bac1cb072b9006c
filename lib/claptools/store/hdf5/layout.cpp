#include "claptools/store/hdf5/layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/utf8.hpp"
#include "claptools/store/hdf5/hdf5_column.hpp"

namespace claptools {
namespace {

constexpr std::int64_t kFormatVersion = 1;
constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxChunkRows = 4096;

template <typename T>
T require(const hdf5::Input& input, const std::string& name, std::optional<T> value) {
  if (!value) input.fail("has no attribute '" + name + "'");
  return *value;
}

int small_integer(const hdf5::Input& input, const std::string& name) {
  const std::int64_t value = input.integer("/", name).value_or(0);
  if (value < 0 || value > std::numeric_limits<int>::max()) {
    input.fail("attribute '" + name + "' is out of range");
  }
  return static_cast<int>(value);
}

void read_audio_header(const hdf5::Input& input, EmbeddingHeader& header) {
  header.sample_rate = small_integer(input, "sample_rate");
  header.window_s = input.number("/", "window_s").value_or(0);
  header.hop_s = input.number("/", "hop_s").value_or(0);
  header.short_audio = input.text("/", "short_audio").value_or("");
  header.precision = input.text("/", "precision").value_or("fp32");
}

bool is_link_name(const std::string& name) {
  return !name.empty() && name != "." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos && is_utf8(name);
}

}  // namespace

void write_format(hdf5::Output& output, const std::string& format) {
  output.attribute("/", "format", format);
  output.attribute("/", "format_version", kFormatVersion);
}

void check_format(const hdf5::Input& input, const std::string& format, bool partial) {
  const std::string found = input.text("/", "format").value_or("");
  if (found.empty()) input.fail("not a " + format + " file: it has no attribute 'format'");
  if (found != format) input.fail("a " + found + " file, not " + format);
  const auto version = require(input, "format_version", input.integer("/", "format_version"));
  if (version != kFormatVersion) {
    input.fail("format version " + std::to_string(version) + " is not known, only 1");
  }
  if (!partial && input.integer("/", "complete").value_or(0) != 1) {
    input.fail("incomplete: the run that wrote it was interrupted");
  }
}

void write_header(hdf5::Output& output, const EmbeddingHeader& header) {
  output.attribute("/", "kind", header.kind);
  output.attribute("/", "dim", static_cast<std::int64_t>(header.dim));
  output.attribute("/", "normalized", std::int64_t{1});
  write_origin(output, header);
  if (!header.space.empty()) output.attribute("/", "space", header.space);
  if (!header.options.empty()) output.attribute("/", "options", header.options);
  if (header.kind == "audio") {
    output.attribute("/", "sample_rate", std::int64_t{header.sample_rate});
    output.attribute("/", "window_s", header.window_s);
    output.attribute("/", "hop_s", header.hop_s);
    output.attribute("/", "short_audio", header.short_audio);
    output.attribute("/", "precision", header.precision);
  }
  if (header.shard_count > 0) {
    output.attribute("/", "shard_index", std::int64_t{header.shard_index});
    output.attribute("/", "shard_count", std::int64_t{header.shard_count});
    if (!header.shard_deal.empty()) output.attribute("/", "shard_deal", header.shard_deal);
  }
}

void write_origin(hdf5::Output& output, const EmbeddingHeader& header) {
  output.attribute("/", "model_name", header.model_name);
  output.attribute("/", "model_sha256", header.model_sha256);
  output.attribute("/", "tool", header.tool);
  output.attribute("/", "command", header.command);
  output.attribute("/", "created", header.created);
}

void read_origin(const hdf5::Input& input, EmbeddingHeader& header) {
  header.model_name = input.text("/", "model_name").value_or("");
  header.model_sha256 = input.text("/", "model_sha256").value_or("");
  header.tool = input.text("/", "tool").value_or("");
  header.command = input.text("/", "command").value_or("");
  header.created = input.text("/", "created").value_or("");
}

Provenance read_score_origin(const hdf5::Input& input, std::size_t classes) {
  EmbeddingHeader header;
  read_origin(input, header);
  Provenance origin{header.model_name, header.model_sha256, header.tool,
                    header.command,    header.created,      {}};
  if (!input.has("prompts")) return origin;
  const hdf5::Column prompts = input.column("prompts");
  prompts.require_rows(classes);
  origin.prompts = prompts.texts();
  return origin;
}

EmbeddingHeader read_header(const hdf5::Input& input) {
  EmbeddingHeader header;
  header.kind = require(input, "kind", input.text("/", "kind"));
  if (header.kind != "audio" && header.kind != "text") {
    input.fail("attribute 'kind' is '" + header.kind + "', not audio or text");
  }
  const auto dim = require(input, "dim", input.integer("/", "dim"));
  if (dim <= 0) input.fail("attribute 'dim' is " + std::to_string(dim));
  header.dim = static_cast<std::size_t>(dim);
  const auto normalized = input.integer("/", "normalized").value_or(0);
  if (normalized != 0 && normalized != 1) input.fail("attribute 'normalized' is neither 0 nor 1");
  header.normalized = normalized == 1;
  read_origin(input, header);
  require(input, "model_sha256", input.text("/", "model_sha256"));
  header.space = input.text("/", "space").value_or("");
  header.options = input.text("/", "options").value_or("");
  if (header.kind == "audio") read_audio_header(input, header);
  header.shard_index = small_integer(input, "shard_index");
  header.shard_count = small_integer(input, "shard_count");
  header.shard_deal = input.text("/", "shard_deal").value_or("");
  return header;
}

void require_column_name(const hdf5::Output& output, const std::string& name) {
  if (is_link_name(name)) return;
  throw Error(Fault::data, output.subject(), "column name '" + name + "' cannot be stored");
}

void create_meta_group(hdf5::Output& output, const std::vector<std::string>& columns) {
  std::set<std::string> seen;
  for (const std::string& column : columns) {
    require_column_name(output, column);
    if (!seen.insert(column).second) {
      throw Error(Fault::data, output.subject(), "duplicate column '" + column + "'");
    }
  }
  output.group("meta");
}

void write_meta(hdf5::Output& output, const std::vector<std::string>& columns,
                const std::vector<std::vector<std::string>>& values) {
  create_meta_group(output, columns);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    hdf5::write_column<std::string>(output, "meta/" + columns[i], hdf5::Type::text, values[i]);
  }
}

void read_meta(const hdf5::Input& input, std::size_t rows, std::vector<std::string>& columns,
               std::vector<std::vector<std::string>>& values) {
  if (!input.has("meta")) return;
  columns = input.members("meta");
  for (const std::string& name : columns) {
    const hdf5::Column column = input.column("meta/" + name);
    column.require_rows(rows);
    values.push_back(column.texts());
  }
}

void write_segments(hdf5::Output& output, const std::string& kind,
                    const std::vector<Segment>& segments) {
  std::vector<std::string> ids;
  std::vector<double> start_s, end_s;
  for (const Segment& segment : segments) {
    ids.push_back(segment.id);
    start_s.push_back(segment.start_s);
    end_s.push_back(segment.end_s);
  }
  hdf5::write_column<std::string>(output, "id", hdf5::Type::text, ids);
  if (kind != "audio") return;
  hdf5::write_column<double>(output, "start_s", hdf5::Type::float64, start_s);
  hdf5::write_column<double>(output, "end_s", hdf5::Type::float64, end_s);
}

std::vector<Segment> read_segments(const hdf5::Input& input, const std::string& kind) {
  std::vector<std::string> ids = input.column("id").texts();
  std::vector<Segment> segments(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) segments[i].id = std::move(ids[i]);
  if (kind != "audio") return segments;
  const hdf5::Column starts = input.column("start_s");
  const hdf5::Column ends = input.column("end_s");
  starts.require_rows(segments.size());
  ends.require_rows(segments.size());
  const std::vector<double> start_s = starts.numbers();
  const std::vector<double> end_s = ends.numbers();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool is_segment = start_s[i] >= 0 && end_s[i] >= start_s[i] && std::isfinite(end_s[i]);
    if (!is_segment) input.fail("start_s and end_s of '" + segments[i].id + "' are not a segment");
    segments[i].start_s = start_s[i];
    segments[i].end_s = end_s[i];
  }
  return segments;
}

std::vector<std::string> read_distinct(const hdf5::Input& input, const std::string& name,
                                       const std::string& kind) {
  std::vector<std::string> names = input.column(name).texts();
  std::set<std::string_view> seen;
  for (const std::string& one : names) {
    if (!seen.insert(one).second) input.fail("duplicate " + kind + " '" + one + "'");
  }
  return names;
}

std::vector<std::string> read_score_ids(const hdf5::Input& input) {
  return read_distinct(input, input.has("clip_ids") && !input.has("id") ? "clip_ids" : "id", "id");
}

std::vector<std::string> read_failed(const hdf5::Input& input) {
  if (!input.has("errors")) return {};
  return input.column("errors/id").texts();
}

std::vector<std::uint64_t> read_offsets(const hdf5::Input& input, const std::string& name,
                                        std::size_t rows, std::size_t total) {
  const hdf5::Column column = input.column(name);
  column.require_rows(rows + 1);
  std::vector<std::uint64_t> offsets = column.integers();
  if (offsets.front() != 0 || offsets.back() != total || !std::ranges::is_sorted(offsets)) {
    input.fail("dataset '" + name + "' does not rise from 0 to " + std::to_string(total));
  }
  return offsets;
}

std::size_t chunk_rows(std::size_t row_bytes) {
  return std::clamp<std::size_t>(kChunkBytes / std::max<std::size_t>(row_bytes, 1), 1,
                                 kMaxChunkRows);
}

}  // namespace claptools
