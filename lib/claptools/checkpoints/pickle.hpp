#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claptools {

/// A value of a pickle, made of plain containers and tensors; owned by its Pickle.
struct PickleValue {
  enum class Kind {
    none,
    boolean,
    integer,
    real,
    text,
    bytes,
    list,
    tuple,
    dict,
    global,
    storage,
    tensor,
    opaque
  };
  Kind kind = Kind::none;
  std::int64_t integer = 0;         ///< integer, boolean
  double real = 0;                  ///< real
  std::string text;                 ///< text, bytes, global ("module name"), storage key
  std::vector<PickleValue*> items;  ///< list, tuple
  std::vector<std::pair<PickleValue*, PickleValue*>> entries;  ///< dict
  // storage and tensor
  std::string storage_type;                 ///< "FloatStorage" ...
  const PickleValue* storage = nullptr;     ///< tensor
  std::int64_t offset = 0;                  ///< tensor: first element in its storage
  std::vector<std::int64_t> shape, stride;  ///< tensor
};

/// The values of one pickle.
struct Pickle {
  /// Flat, so that no nesting can exhaust the stack on destruction.
  std::deque<PickleValue> values;
  const PickleValue* root = nullptr;
};

/// Reads the subset of pickle that torch.save writes for a state dict: plain containers, tensors,
/// and NumPy scalars (kept as `opaque`). Nothing is ever imported or called: the few allowed names
/// are recognised by spelling, any other is refused.
/// @throws Error{data} naming the refused global or opcode.
Pickle read_pickle(std::span<const std::byte> bytes, std::string_view subject);

}  // namespace claptools
