// libclaptools_parquet.so, the only code that knows Arrow.
#include "claptools/index/parquet/parquet_plugin.hpp"

#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <parquet/arrow/writer.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/escape.hpp"
#include "claptools/core/strings/lines.hpp"
#include "claptools/store/row_blocks.hpp"

namespace claptools {
namespace {

constexpr std::size_t kFixedColumns = 4;  // id, start, end, vector

void require(const arrow::Status& status) {
  if (!status.ok()) throw Error(Fault::internal, "Parquet", status.message());
}

/// Parquet's strings are UTF-8; names of files need not be.
std::string as_utf8(const std::string& text) {
  return find_text_fault(text) ? escape_controls(text) : text;
}

/// Arrow's stream over a sink, whose exceptions pass through Arrow.
class SinkStream : public arrow::io::OutputStream {
 public:
  explicit SinkStream(const ByteSink& sink) : sink_(sink) {}

  arrow::Status Write(const void* data, std::int64_t count) override {
    sink_({static_cast<const std::byte*>(data), static_cast<std::size_t>(count)});
    position_ += count;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }

 private:
  const ByteSink& sink_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

std::shared_ptr<arrow::Schema> schema_of(const EmbeddingHeader& header,
                                         std::span<const std::string> columns) {
  arrow::FieldVector fields{
      arrow::field(columns[0], arrow::utf8(), false),
      arrow::field(columns[1], arrow::float64(), false),
      arrow::field(columns[2], arrow::float64(), false),
      arrow::field(columns[3],
                   arrow::fixed_size_list(arrow::field("element", arrow::float32(), false),
                                          static_cast<std::int32_t>(header.dim)),
                   false)};
  for (const std::string& name : columns.subspan(kFixedColumns))
    fields.push_back(arrow::field(name, arrow::utf8(), false));
  const auto facts =
      arrow::key_value_metadata({"kind", "model_name", "model_sha256", "space", "tool", "created"},
                                {header.kind, header.model_name, header.model_sha256, header.space,
                                 header.tool, header.created});
  return arrow::schema(std::move(fields), facts);
}

/// Some rows as columns.
class Columns {
 public:
  Columns(const IndexInput& source, std::size_t first, std::size_t count)
      : source_(source), first_(first), count_(count) {
    arrow::StringBuilder ids;
    arrow::DoubleBuilder starts, ends;
    for (std::size_t i = first; i < first + count; ++i) {
      const Segment& segment = source.segments()[i];
      require(ids.Append(as_utf8(segment.id)));
      require(starts.Append(segment.start_s));
      require(ends.Append(segment.end_s));
    }
    finish(ids);
    finish(starts);
    finish(ends);
    add_vectors();
    for (std::size_t c = 0; c < source.header().meta_columns.size(); ++c) add_meta(c);
  }

  const arrow::ArrayVector& arrays() const { return arrays_; }

 private:
  void finish(arrow::ArrayBuilder& builder) {
    arrays_.emplace_back();
    require(builder.Finish(&arrays_.back()));
  }

  void add_vectors() {
    const Matrix vectors = source_.vectors(first_, count_);
    const auto values = std::make_shared<arrow::FloatBuilder>();
    arrow::FixedSizeListBuilder lists(
        arrow::default_memory_pool(), values,
        arrow::fixed_size_list(arrow::field("element", arrow::float32(), false),
                               static_cast<std::int32_t>(vectors.cols)));
    require(lists.AppendValues(static_cast<std::int64_t>(vectors.rows)));
    require(
        values->AppendValues(vectors.data.data(), static_cast<std::int64_t>(vectors.data.size())));
    finish(lists);
  }

  void add_meta(std::size_t column) {
    arrow::StringBuilder values;
    for (std::size_t i = first_; i < first_ + count_; ++i)
      require(values.Append(as_utf8(source_.meta(column)[i])));
    finish(values);
  }

  const IndexInput& source_;
  std::size_t first_, count_;
  arrow::ArrayVector arrays_;
};

void write(const IndexInput& source, std::span<const std::string> columns, const ByteSink& sink) {
  const auto schema = schema_of(source.header(), columns);
  // Vectors do not get smaller, nor do their values occur again.
  const auto properties = parquet::WriterProperties::Builder()
                              .disable_dictionary(columns[3] + ".list.element")
                              ->build();
  const auto kept = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  auto opened = parquet::arrow::FileWriter::Open(
      *schema, arrow::default_memory_pool(), std::make_shared<SinkStream>(sink), properties, kept);
  require(opened.status());
  const auto writer = std::move(opened).ValueOrDie();
  visit_blocks(source.segments().size(), kVectorBlock, [&](std::size_t first, std::size_t count) {
    const Columns block(source, first, count);
    const auto table = arrow::Table::Make(schema, block.arrays(), static_cast<std::int64_t>(count));
    require(writer->WriteTable(*table, static_cast<std::int64_t>(count)));
  });
  require(writer->Close());
}

}  // namespace
}  // namespace claptools

extern "C" __attribute__((visibility("default"))) void claptools_write_parquet(
    const claptools::IndexInput& source, std::span<const std::string> columns,
    const claptools::ByteSink& sink) {
  claptools::write(source, columns, sink);
}
