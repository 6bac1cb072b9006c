#include "claptools/runs/part_file.hpp"

#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>

#include "claptools/core/crc32.hpp"
#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr std::uint64_t kVersion = 2;

enum Kind : char { kBegin = 'B', kRows = 'R', kError = 'E', kInput = 'I', kEnd = 'Z' };

class Packer {
 public:
  template <typename T>
  requires std::is_trivially_copyable_v<T> Packer& put(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  Packer& put(const std::string& text) {
    put(std::uint64_t{text.size()});
    bytes_ += text;
    return *this;
  }
  Packer& put(MatrixView values) {
    put(std::uint64_t{values.rows}).put(std::uint64_t{values.cols});
    bytes_.append(reinterpret_cast<const char*>(values.data),
                  values.rows * values.cols * sizeof(float));
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// The payload's checksum was right, so that what does not fit is of another version.
class Unpacker {
 public:
  Unpacker(std::span<const std::byte> bytes, const std::string& subject)
      : bytes_(bytes), subject_(subject) {}

  template <typename T>
  T get() {
    T value{};
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  /// Of items that take a byte at least.
  std::size_t count() {
    const auto value = get<std::uint64_t>();
    if (value > bytes_.size()) fail();
    return value;
  }
  std::string text() {
    const auto bytes = take(get<std::uint64_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  Matrix matrix() {
    const auto rows = get<std::uint64_t>(), cols = get<std::uint64_t>();
    if (cols > 0 && rows > bytes_.size() / sizeof(float) / cols) fail();
    Matrix values(rows, cols);
    const auto bytes = take(rows * cols * sizeof(float));
    if (!bytes.empty()) std::memcpy(values.data.data(), bytes.data(), bytes.size());
    return values;
  }
  std::span<const std::byte> take(std::uint64_t size) {
    if (size > bytes_.size()) fail();
    const auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  bool empty() const { return bytes_.empty(); }
  [[noreturn]] void fail() const { throw Error(Fault::data, subject_, "damaged part"); }

 private:
  std::span<const std::byte> bytes_;
  const std::string& subject_;
};

struct Record {
  char kind;
  Unpacker payload;
};

Record next_record(Unpacker& file, const std::string& subject) {
  const auto size = file.get<std::uint64_t>();
  const auto crc = file.get<std::uint32_t>();
  const auto content = file.take(size);
  if (crc32(content) != crc) file.fail();
  Unpacker payload(content, subject);
  const char kind = payload.get<char>();
  return {kind, payload};
}

RunPosition get_place(Unpacker& payload) {
  const auto inputs = payload.get<std::uint64_t>();
  return {inputs, payload.get<std::uint64_t>()};
}

void put_place(Packer& payload, const RunPosition& place) {
  payload.put(std::uint64_t{place.inputs}).put(std::uint64_t{place.windows});
}

PartInput get_input(Unpacker& payload) {
  PartInput input;
  input.id = payload.text();
  input.stamp.size = payload.get<std::int64_t>();
  input.stamp.mtime_ns = payload.get<std::int64_t>();
  input.stamp.readable = payload.get<char>() != 0;
  input.seconds = payload.get<double>();
  input.wall_s = payload.get<double>();
  input.warning = payload.text();
  input.sha256 = payload.text();
  input.meta.resize(payload.count());
  for (std::string& value : input.meta) value = payload.text();
  return input;
}

InputError get_error(Unpacker& payload) {
  InputError error;
  for (std::string* text : {&error.id, &error.stage, &error.message}) *text = payload.text();
  return error;
}

void replay_rows(Unpacker& payload, const PartVisitor& visitor) {
  std::vector<Segment> segments(payload.count());
  std::vector<std::vector<std::string>> meta(payload.count());
  for (Segment& segment : segments) {
    segment.id = payload.text();
    segment.start_s = payload.get<double>();
    segment.end_s = payload.get<double>();
    for (auto& column : meta) column.push_back(payload.text());
  }
  const Matrix embeddings = payload.matrix(), frames = payload.matrix();
  std::vector<std::size_t> counts(payload.count());
  for (std::size_t& count : counts) count = payload.get<std::uint64_t>();
  visitor.rows({segments, embeddings, meta, frames, counts});
}

}  // namespace

PartWriter::PartWriter(const std::string& path, const std::string& run, const RunPosition& from)
    : file_(path) {
  Packer payload;
  put_place(payload.put(kVersion).put(run), from);
  record(kBegin, payload.bytes());
}

void PartWriter::record(char kind, const std::string& payload) {
  const std::string content = kind + payload;
  Packer head;
  head.put(std::uint64_t{content.size()}).put(crc32(std::as_bytes(std::span(content))));
  const std::string bytes = head.bytes() + content;
  file_.write(std::as_bytes(std::span(bytes)));
  size_ += bytes.size();
}

void PartWriter::append(const EmbeddingRows& rows) {
  Packer payload;
  payload.put(std::uint64_t{rows.segments.size()}).put(std::uint64_t{rows.meta.size()});
  for (std::size_t i = 0; i < rows.segments.size(); ++i) {
    const Segment& segment = rows.segments[i];
    payload.put(segment.id).put(segment.start_s).put(segment.end_s);
    for (const auto& column : rows.meta) payload.put(column[i]);
  }
  payload.put(rows.embeddings).put(rows.frames).put(std::uint64_t{rows.frame_counts.size()});
  for (const std::size_t count : rows.frame_counts) payload.put(std::uint64_t{count});
  record(kRows, payload.bytes());
}

void PartWriter::append_error(const InputError& error) {
  record(kError, Packer().put(error.id).put(error.stage).put(error.message).bytes());
}

void PartWriter::end_input(const PartInput& input, const RunPosition& next, bool can_resume_here) {
  Packer payload;
  payload.put(input.id).put(input.stamp.size).put(input.stamp.mtime_ns);
  payload.put(char{input.stamp.readable}).put(input.seconds).put(input.wall_s);
  payload.put(input.warning).put(input.sha256);
  payload.put(std::uint64_t{input.meta.size()});
  for (const std::string& value : input.meta) payload.put(value);
  record(kInput, payload.bytes());
  if (!can_resume_here) return;
  kept_ = size_;
  next_ = next;
}

bool PartWriter::publish() {
  if (kept_ == 0) return false;
  file_.truncate(kept_);
  Packer payload;
  put_place(payload, next_);
  record(kEnd, payload.bytes());
  file_.commit();
  return true;
}

PartReader::PartReader(const std::string& path, const std::string& run, const RunPosition& from)
    : path_(path), file_(path) {
  Unpacker file(file_.bytes(), path_);
  auto [kind, begin] = next_record(file, path_);
  if (kind != kBegin || begin.get<std::uint64_t>() != kVersion || begin.text() != run ||
      get_place(begin) != from) {
    throw Error(Fault::data, path_, "part of another run");
  }
  for (bool ended = false; !ended;) {
    auto [next_kind, payload] = next_record(file, path_);
    if (next_kind == kInput) inputs_.push_back(get_input(payload));
    ended = next_kind == kEnd;
    if (ended) next_ = get_place(payload);
  }
  if (!file.empty() || next_.inputs != from.inputs + inputs_.size()) file.fail();
}

void PartReader::replay(const PartVisitor& visitor) const {
  Unpacker file(file_.bytes(), path_);
  std::optional<InputError> failure;
  while (!file.empty()) {
    auto [kind, payload] = next_record(file, path_);
    if (kind == kRows) replay_rows(payload, visitor);
    if (kind == kError) visitor.error(failure.emplace(get_error(payload)));
    if (kind != kInput) continue;
    visitor.ended(get_input(payload), failure ? &*failure : nullptr);
    failure.reset();
  }
}

}  // namespace claptools
