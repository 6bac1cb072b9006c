#include <bit>
#include <cstring>

#include "claptools/checkpoints/checkpoint.hpp"
#include "claptools/core/crc32.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/atomic_file.hpp"

namespace claptools {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr const char* kPrefix = "checkpoint/";

template <class T>
void put(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);  // little-endian, as all of the formats here
  out.append(bytes, sizeof value);
}

std::string storage_type(DType dtype) {
  switch (dtype) {
    case DType::f64:
      return "DoubleStorage";
    case DType::f32:
      return "FloatStorage";
    case DType::f16:
      return "HalfStorage";
    case DType::bf16:
      return "BFloat16Storage";
    case DType::i64:
      return "LongStorage";
    case DType::i32:
      return "IntStorage";
    case DType::i16:
      return "ShortStorage";
    case DType::i8:
      return "CharStorage";
    case DType::u8:
      return "ByteStorage";
    case DType::boolean:
      return "BoolStorage";
  }
  return {};
}

/// Opcodes of pickle protocol 2; the counterpart of read_pickle.
class PickleWriter {
 public:
  std::string state_dict(const WeightSet& weights, const std::string& dict_key) {
    out_ = std::string("\x80\x02", 2);
    if (!dict_key.empty()) {
      out_ += '}';
      text(dict_key);
    }
    ordered_dict();
    out_ += '(';
    std::size_t key = 0;
    for (const auto& [name, view] : weights.tensors) {
      text(name);
      tensor(view, std::to_string(key++));
    }
    return out_ + (dict_key.empty() ? "u." : "us.");
  }

 private:
  void text(const std::string& value) {
    out_ += 'X';
    put(out_, static_cast<std::uint32_t>(value.size()));
    out_ += value;
  }
  void integer(std::int64_t value) {
    out_ += "\x8a\x08";
    put(out_, value);
  }
  void ordered_dict() { out_ += "ccollections\nOrderedDict\n)R"; }
  void integers(const std::vector<std::int64_t>& values) {
    out_ += '(';
    for (const std::int64_t value : values) integer(value);
    out_ += 't';
  }
  void tensor(const TensorView& view, const std::string& key) {
    out_ += "ctorch._utils\n_rebuild_tensor_v2\n((";
    text("storage");
    out_ += "ctorch\n" + storage_type(view.dtype) + "\n";
    text(key);
    text("cpu");
    integer(static_cast<std::int64_t>(view.numel()));
    out_ += "tQ";
    integer(0);
    integers(view.shape);
    std::vector<std::int64_t> stride(view.shape.size(), 1);
    for (std::size_t d = stride.size(); d-- > 1;) stride[d - 1] = stride[d] * view.shape[d];
    integers(stride);
    out_ += '\x89';  // requires_grad = False
    ordered_dict();
    out_ += "tR";
  }

  std::string out_;
};

/// Stored members, each aligned by a padding field in its local header.
class ZipWriter {
 public:
  explicit ZipWriter(const std::filesystem::path& path) : path_(path), file_(path) {}

  void add(const std::string& name, std::span<const std::byte> bytes) {
    const std::string full = kPrefix + name;
    const std::size_t data = offset_ + 30 + full.size() + 4;
    const auto padding = static_cast<std::uint16_t>((kAlignment - data % kAlignment) % kAlignment);
    if (data + padding + bytes.size() > UINT32_MAX)
      throw Error(Fault::data, path_.native(), "more than 4 GiB of weights");
    std::string fields;  // what the local header and the directory share
    put<std::uint16_t>(fields, 20);
    put<std::uint64_t>(fields, 0x21u << 16 << 16);  // flags, method: stored, time, date: 1980-01-01
    put(fields, crc32(bytes));
    put(fields, static_cast<std::uint32_t>(bytes.size()));
    put(fields, static_cast<std::uint32_t>(bytes.size()));
    put(fields, static_cast<std::uint16_t>(full.size()));

    std::string local = "PK\x03\x04" + fields;
    put(local, static_cast<std::uint16_t>(4 + padding));
    local += full + "FB";
    put(local, padding);
    local.append(padding, 'Z');

    directory_ += std::string("PK\x01\x02", 4) + std::string("\x14\0", 2) + fields;
    directory_.append(2 + 2 + 2 + 2 + 4, '\0');  // extra, comment, disk, attributes
    put(directory_, static_cast<std::uint32_t>(offset_));
    directory_ += full;
    ++entries_;
    write(local);
    write(bytes);
  }

  void finish() {
    const std::size_t start = offset_;
    write(directory_);
    std::string end = "PK\x05\x06";
    put<std::uint32_t>(end, 0);
    put(end, entries_);
    put(end, entries_);
    put(end, static_cast<std::uint32_t>(directory_.size()));
    put(end, static_cast<std::uint32_t>(start));
    put<std::uint16_t>(end, 0);
    write(end);
    file_.commit();
  }

 private:
  void write(std::span<const std::byte> bytes) {
    file_.write(bytes);
    offset_ += bytes.size();
  }
  void write(const std::string& text) { write(std::as_bytes(std::span(text))); }

  std::filesystem::path path_;
  AtomicFile file_;
  std::size_t offset_ = 0;
  std::uint16_t entries_ = 0;
  std::string directory_;
};

std::span<const std::byte> as_bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const WeightSet& weights,
                      const std::string& key) {
  ZipWriter zip(path);
  zip.add("data.pkl", as_bytes(PickleWriter().state_dict(weights, key)));
  zip.add("byteorder", as_bytes("little"));
  std::size_t number = 0;
  for (const auto& [name, view] : weights.tensors)
    zip.add("data/" + std::to_string(number++), view.bytes);
  zip.add("version", as_bytes("3\n"));
  zip.finish();
}

}  // namespace claptools
