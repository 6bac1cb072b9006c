#include "claptools/checkpoints/safetensors.hpp"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "claptools/core/error.hpp"
#include "claptools/core/files/atomic_file.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/core/strings/escape.hpp"

namespace claptools {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxHeader = 100'000'000;  // the limit of the reference reader
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kMaxRank = 64;  // PyTorch's

[[noreturn]] void fail(std::string_view subject, const std::string& reason) {
  throw Error(Fault::data, subject, "safetensors: " + reason);
}

std::uint64_t load_u64(const std::byte* bytes) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = (value << 8) | std::to_integer<std::uint64_t>(bytes[i]);
  return value;
}

/// Makes the tensors while the header is read: no tree of it is built, and what is no tensor ends
/// the reading where it stands.
class HeaderReader {
 public:
  HeaderReader(std::span<const std::byte> data, WeightSet& weights)
      : data_(data), weights_(weights) {}

  /// Why the reading ended early; empty if the text was no JSON object.
  const std::string& fault() const { return fault_; }

  bool null() { return misplaced(); }
  bool boolean(bool) { return misplaced(); }
  bool number_integer(Json::number_integer_t) { return misplaced(); }
  bool number_float(Json::number_float_t, const std::string&) { return misplaced(); }
  bool binary(const Json::binary_t&) { return misplaced(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) { return false; }

  bool number_unsigned(Json::number_unsigned_t value) {
    if (place_ == Place::offsets && offsets_.size() < 2) {
      offsets_.push_back(value);
    } else if (place_ == Place::shape && view_.shape.size() < kMaxRank && value <= INT64_MAX) {
      view_.shape.push_back(static_cast<std::int64_t>(value));
    } else {
      return misplaced();
    }
    return true;
  }

  bool string(const std::string& text) {
    if (place_ == Place::metadata) return true;
    const auto dtype =
        place_ == Place::entry && field_ == "dtype" ? parse_dtype(text) : std::nullopt;
    if (!dtype) return misplaced();
    view_.dtype = *dtype;
    return true;
  }

  bool start_object(std::size_t) {
    if (place_ == Place::outside) {
      place_ = Place::names;
    } else if (place_ == Place::names) {
      place_ = name_ == "__metadata__" ? Place::metadata : Place::entry;
      view_ = {};
      offsets_.clear();
      seen_.clear();
    } else {
      return misplaced();
    }
    return true;
  }

  bool key(std::string& key) {
    if (place_ == Place::names) {
      name_ = std::move(key);
      return true;
    }
    if (place_ == Place::metadata) return true;
    const bool known = key == "dtype" || key == "shape" || key == "data_offsets";
    if (!known || !seen_.insert(key).second) return incomplete();
    field_ = std::move(key);
    return true;
  }

  bool start_array(std::size_t) {
    if (place_ != Place::entry || field_ == "dtype") return misplaced();
    place_ = field_ == "shape" ? Place::shape : Place::offsets;
    return true;
  }

  bool end_array() {
    place_ = Place::entry;
    return true;
  }

  bool end_object() {
    const bool is_entry = place_ == Place::entry;
    place_ = place_ == Place::names ? Place::outside : Place::names;
    return !is_entry || add_tensor();
  }

 private:
  enum class Place { outside, names, metadata, entry, shape, offsets };

  bool refuse(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }
  bool refuse_tensor(const char* what) { return refuse("tensor '" + shorten(name_) + "' " + what); }
  bool incomplete() { return refuse_tensor("needs dtype, shape and data_offsets"); }

  /// A value that cannot stand where it stands.
  bool misplaced() {
    if (place_ == Place::outside) return false;
    if (place_ == Place::metadata) return refuse("__metadata__ holds something other than texts");
    if (place_ == Place::names) return incomplete();
    if (field_ == "dtype") return refuse_tensor("has an unknown dtype");
    return refuse_tensor(field_ == "shape" ? "has a bad shape" : "has a bad offset");
  }

  bool add_tensor() {
    if (seen_.size() != 3) return incomplete();
    if (offsets_.size() != 2) return refuse_tensor("has a bad offset");
    const std::uint64_t begin = offsets_[0], end = offsets_[1];
    if (begin > end || end > data_.size()) {
      return refuse_tensor("lies outside the file (cut off?)");
    }
    if (tensor_bytes(view_.dtype, view_.shape) != end - begin) {
      return refuse_tensor("does not fill its shape");
    }
    view_.bytes = data_.subspan(begin, end - begin);
    if (!weights_.tensors.emplace(name_, std::move(view_)).second) {
      return refuse("a tensor name occurs twice");
    }
    return true;
  }

  std::span<const std::byte> data_;
  WeightSet& weights_;
  std::string fault_;
  Place place_ = Place::outside;
  std::string name_, field_;  // the keys in hand
  TensorView view_;           // of the entry in hand
  std::vector<std::uint64_t> offsets_;
  std::set<std::string> seen_;  // fields of the entry in hand
};

void check_tiling(const WeightSet& weights, std::span<const std::byte> data,
                  std::string_view subject) {
  std::vector<std::span<const std::byte>> parts;
  for (const auto& [name, view] : weights.tensors) parts.push_back(view.bytes);
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a.data() != b.data() ? a.data() < b.data() : a.size() < b.size();
  });
  const std::byte* next = data.data();
  for (const auto& part : parts) {
    if (part.data() != next) fail(subject, "tensors overlap or leave a hole");
    next += part.size();
  }
  if (next != data.data() + data.size()) fail(subject, "bytes after the last tensor");
}

std::string header_text(const WeightSet& weights,
                        const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const auto& [name, view] : weights.tensors) {
    header[name] = {{"dtype", dtype_name(view.dtype)},
                    {"shape", view.shape},
                    {"data_offsets", {offset, offset + view.bytes.size()}}};
    offset += view.bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 8 + kAlignment - 1) / kAlignment * kAlignment - 8, ' ');
  return text;
}

}  // namespace

WeightSet parse_safetensors(std::span<const std::byte> bytes, std::string_view subject) {
  if (bytes.size() < 8) fail(subject, "the file is shorter than its header");
  const std::uint64_t length = load_u64(bytes.data());
  if (length > kMaxHeader || length > bytes.size() - 8)
    fail(subject, "the header's length is wrong");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, length);
  const auto data = bytes.subspan(8 + length);
  WeightSet weights;
  HeaderReader reader(data, weights);
  if (!Json::sax_parse(text.begin(), text.end(), &reader)) {
    fail(subject, reader.fault().empty() ? "the header is not a JSON object" : reader.fault());
  }
  check_tiling(weights, data, subject);
  return weights;
}

WeightSet read_safetensors(const std::filesystem::path& path) {
  auto file = std::make_shared<const MappedFile>(path);
  WeightSet weights = parse_safetensors(file->bytes(), path.native());
  weights.storage.push_back(std::move(file));
  return weights;
}

void serialise_safetensors(const WeightSet& weights,
                           const std::map<std::string, std::string>& metadata,
                           const ByteSink& sink) {
  const std::string text = header_text(weights, metadata);
  std::byte length[8];
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<std::byte>(text.size() >> (8 * i));
  sink(length);
  sink(std::as_bytes(std::span(text)));
  for (const auto& [name, view] : weights.tensors) sink(view.bytes);
}

void write_safetensors(const std::filesystem::path& path, const WeightSet& weights,
                       const std::map<std::string, std::string>& metadata) {
  AtomicFile file(path);
  serialise_safetensors(weights, metadata,
                        [&](std::span<const std::byte> bytes) { file.write(bytes); });
  file.commit();
}

}  // namespace claptools
