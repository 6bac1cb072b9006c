#include "claptools/checkpoints/checkpoint.hpp"

#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include "claptools/checkpoints/pickle.hpp"
#include "claptools/checkpoints/zip_file.hpp"
#include "claptools/core/crc32.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/mapped_file.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/core/strings/escape.hpp"

namespace claptools {
namespace {

using Kind = PickleValue::Kind;
using Members = std::map<std::string, ZipMember>;

[[noreturn]] void fail(std::string_view subject, const std::string& reason) {
  throw Error(Fault::data, subject, "checkpoint: " + reason);
}

DType storage_dtype(const std::string& type, std::string_view subject) {
  constexpr std::pair<const char*, DType> kTypes[] = {
      {"DoubleStorage", DType::f64},    {"FloatStorage", DType::f32}, {"HalfStorage", DType::f16},
      {"BFloat16Storage", DType::bf16}, {"LongStorage", DType::i64},  {"IntStorage", DType::i32},
      {"ShortStorage", DType::i16},     {"CharStorage", DType::i8},   {"ByteStorage", DType::u8},
      {"BoolStorage", DType::boolean}};
  for (const auto& [name, dtype] : kTypes) {
    if (type == name) return dtype;
  }
  fail(subject, "unknown storage type '" + type + "'");
}

bool is_contiguous(const PickleValue& tensor) {
  std::int64_t expected = 1;
  for (std::size_t d = tensor.shape.size(); d-- > 0;) {
    if (tensor.shape[d] != 1 && tensor.stride[d] != expected) return false;
    expected *= tensor.shape[d];
  }
  return true;
}

/// Elements from the first to the last that the strides reach, or nothing on overflow.
std::optional<std::uint64_t> extent(const PickleValue& tensor) {
  std::uint64_t reach = 1;
  for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
    if (tensor.shape[d] == 0) return 0;
    std::uint64_t step = 0;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(tensor.shape[d] - 1),
                               static_cast<std::uint64_t>(tensor.stride[d]), &step) ||
        __builtin_add_overflow(reach, step, &reach)) {
      return std::nullopt;
    }
  }
  return reach;
}

std::vector<std::byte> gather(std::span<const std::byte> source, const PickleValue& tensor,
                              std::size_t item, std::size_t bytes) {
  std::vector<std::byte> out(bytes);
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  for (std::size_t at = 0; at < bytes; at += item) {
    std::int64_t element = 0;
    for (std::size_t d = 0; d < index.size(); ++d) element += index[d] * tensor.stride[d];
    std::memcpy(out.data() + at, source.data() + static_cast<std::size_t>(element) * item, item);
    for (std::size_t d = index.size(); d-- > 0;) {
      if (++index[d] < tensor.shape[d]) break;
      index[d] = 0;
    }
  }
  return out;
}

class StateDict {
 public:
  /// @param file_size bounds the bytes of all weights together: some may share their data, but each
  /// byte costs time as often as it is used.
  StateDict(const Members& members, std::string prefix, std::size_t file_size,
            std::string_view subject)
      : members_(members),
        prefix_(std::move(prefix)),
        bytes_left_(kMaxSharing * file_size),
        subject_(subject) {}

  WeightSet read(const PickleValue& dict) {
    for (const auto& [key, value] : dict.entries) {
      if (key->kind != Kind::text || value->kind != Kind::tensor) {
        fail(subject_, "the state dict holds something other than named tensors");
      }
      std::string_view name = key->text;
      if (name.starts_with("module.")) name.remove_prefix(sizeof("module.") - 1);
      if (weights_.tensors.contains(std::string(name)))
        fail_weight(std::string(name), "occurs twice");
      add(std::string(name), *value);
    }
    return std::move(weights_);
  }

  void use(const ZipMember& member) { used_.insert(&member); }
  /// What the weights were read from.
  const std::set<const ZipMember*>& used() const { return used_; }

 private:
  void add(const std::string& name, const PickleValue& tensor) {
    const DType dtype = storage_dtype(tensor.storage->storage_type, subject_);
    const auto member = members_.find(prefix_ + "data/" + tensor.storage->text);
    if (member == members_.end()) fail_weight(name, "has no data");
    const std::span<const std::byte> data = member->second.bytes;
    use(member->second);
    const std::size_t item = item_size(dtype);
    const std::uint64_t elements = data.size() / item;
    const auto reach = extent(tensor);
    const auto bytes = tensor_bytes(dtype, tensor.shape);
    const auto offset = static_cast<std::uint64_t>(tensor.offset);
    if (!reach || !bytes || offset > elements || *reach > elements - offset) {
      fail_weight(name, "lies outside its data");
    }
    // A stride of 0 lets a few bytes claim any shape; no weight needs more memory than its storage
    // has.
    if (*bytes > data.size()) fail_weight(name, "is larger than its data");
    if (*bytes > bytes_left_) fail(subject_, "too many weights share their data");
    bytes_left_ -= *bytes;
    const auto source = data.subspan(offset * item);
    if (*bytes == 0 || is_contiguous(tensor)) {
      weights_.tensors[name] = TensorView{dtype, tensor.shape, source.first(*bytes)};
    } else {
      weights_.add(name, dtype, tensor.shape, gather(source, tensor, item, *bytes));
    }
  }

  [[noreturn]] void fail_weight(const std::string& name, const char* what) const {
    fail(subject_, "weight '" + shorten(name) + "' " + what);
  }

  static constexpr std::size_t kMaxSharing = 4;

  const Members& members_;
  std::string prefix_;
  std::size_t bytes_left_;
  std::string_view subject_;
  std::set<const ZipMember*> used_;
  WeightSet weights_;
};

/// A bit that flips on a disk or on the way would change embeddings in silence. Last of all checks,
/// so that others say more precisely what is wrong.
void check_sums(const std::set<const ZipMember*>& used, std::string_view subject) {
  const std::vector<const ZipMember*> members(used.begin(), used.end());
  constexpr int kThreads = 4;  // which read as fast as most disks
  parallel_for(members.size(), kThreads, [&](std::size_t i) {
    if (members[i]->crc != 0 && crc32(members[i]->bytes) != members[i]->crc)
      fail(subject, "is damaged: a checksum does not match");
  });
}

const PickleValue& find_state_dict(const Pickle& pickle, std::string_view subject) {
  const PickleValue& root = *pickle.root;
  if (root.kind != Kind::dict) fail(subject, "holds no state dict");
  for (const auto& [key, value] : root.entries) {
    if (key->kind != Kind::text || value->kind != Kind::dict) continue;
    if (key->text == "model" || key->text == "state_dict") return *value;
  }
  return root;
}

}  // namespace

WeightSet parse_checkpoint(std::span<const std::byte> bytes, std::string_view subject) {
  const Members members = list_stored_zip(bytes, subject);
  constexpr std::string_view kPickle = "data.pkl";
  for (const auto& [name, member] : members) {
    if (!name.ends_with(kPickle) || name.find('/') != name.size() - kPickle.size() - 1) continue;
    const std::string prefix = name.substr(0, name.size() - kPickle.size());
    const auto order = members.find(prefix + "byteorder");
    if (order != members.end() && order->second.bytes.size() == 3) fail(subject, "is big-endian");
    const Pickle pickle = read_pickle(member.bytes, subject);
    StateDict dict(members, prefix, bytes.size(), subject);
    WeightSet weights = dict.read(find_state_dict(pickle, subject));
    if (weights.tensors.empty()) fail(subject, "holds no weights");
    dict.use(member);
    check_sums(dict.used(), subject);
    return weights;
  }
  fail(subject, "a zip archive without data.pkl");
}

WeightSet read_checkpoint(const std::filesystem::path& path) {
  auto file = std::make_shared<const MappedFile>(path);
  WeightSet weights = parse_checkpoint(file->bytes(), path.native());
  weights.storage.push_back(std::move(file));
  return weights;
}

}  // namespace claptools
