#include "claptools/index/faiss/factory_string.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

constexpr std::size_t kMaxLists = std::size_t{1} << 20;  // as load_index
constexpr std::size_t kMaxLinks = 1024;
constexpr std::size_t kMaxBits = 16;    // of a part of a PQ code, as load_index
constexpr std::size_t kMaxWide = 4096;  // what a rotation may widen vectors to
constexpr int kMaxNested = 3, kMaxSteps = 8;
constexpr std::size_t kMaxBytes = 200;  // FAISS's regular expressions recurse

/// What comes next in the description decides; nothing is read twice.
class Parser {
 public:
  Parser(std::string_view description, std::size_t dim)
      : subject_("index type '" + std::string(description.substr(0, kMaxBytes)) + "'"),
        left_(description),
        dim_(dim) {}

  void whole() {
    if (left_.size() > kMaxBytes) fail("is too long");
    index(0);
    if (!left_.empty()) fail_here();
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(Fault::usage, subject_, reason);
  }

  [[noreturn]] void fail_here() const {
    fail("not understood from '" + std::string(left_.substr(0, 40)) +
         "' on; known are Flat, SQ4, SQ6, SQ8, SQfp16, PQ, IVF, HNSW, RFlat, Refine(), PCA, OPQ, "
         "RR, L2norm");
  }

  bool take(std::string_view word) {
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
  }

  bool at_digit() const { return !left_.empty() && left_[0] >= '0' && left_[0] <= '9'; }

  /// Too many digits for any limit are as wrong as a number above it.
  std::size_t number(const std::string& what, std::size_t least, std::size_t most) {
    std::size_t value = 0;
    const auto [end, code] = std::from_chars(left_.data(), left_.data() + left_.size(), value);
    const std::size_t digits = static_cast<std::size_t>(end - left_.data());
    const std::string_view text = left_.substr(0, digits);
    left_.remove_prefix(digits);
    if (code == std::errc() && left_.starts_with('k')) scale(value, 10);
    if (code == std::errc() && left_.starts_with('M')) scale(value, 20);
    if (code == std::errc() && value >= least && value <= most) return value;
    fail(what + " " + (text.empty() ? "is missing" : "is " + std::string(text.substr(0, 20))) +
         ", but must be " + std::to_string(least) + " to " + std::to_string(most));
  }

  /// FAISS's "4k" and "1M", of lists only; elsewhere it refuses them.
  void scale(std::size_t& value, unsigned bits) {
    left_.remove_prefix(1);
    value = value > kMaxLists ? value : value << bits;
  }

  /// Transforms, a base index, a refinement of it.
  void index(int depth) {
    if (depth > kMaxNested) fail("nested too deep");
    const std::size_t given = dim_;
    transforms();
    base(depth);
    dim_ = given;
    if (take(",RFlat") || !take(",Refine(")) return;
    transforms();
    codes();  // FAISS asks for the distance to single vectors, which others cannot tell
    dim_ = given;
    if (!take(")")) fail_here();
  }

  void transforms() {
    for (int steps = 0; transform(); ++steps) {
      if (steps == kMaxSteps) fail("has too many transforms");
    }
  }

  bool transform() {
    if (take("L2norm") || take("L2Norm")) return comma();
    if (take("PCA")) {
      take("W");
      take("R");
      dim_ = number("the dimension after PCA", 1, dim_);
      return comma();
    }
    if (take("RR")) {
      if (at_digit()) dim_ = number("the dimension after RR", 1, std::max(dim_, kMaxWide));
      return comma();
    }
    if (!take("OPQ")) return false;
    const std::size_t parts = number("the number of parts of OPQ", 1, dim_);
    if (take("_")) dim_ = number("the dimension after OPQ", 1, std::max(dim_, kMaxWide));
    require_parts("OPQ", parts);
    return comma();
  }

  bool comma() {
    if (!take(",")) fail_here();
    return true;
  }

  void require_parts(const std::string& what, std::size_t parts) const {
    if (dim_ % parts == 0) return;
    fail("the parts of " + what + ", " + std::to_string(parts) + ", do not divide the dimension " +
         std::to_string(dim_));
  }

  void base(int depth) {
    if (take("IVF")) return lists(depth);
    if (take("HNSW")) return graph();
    codes();
  }

  void lists(int depth) {
    number("the number of lists", 1, kMaxLists);
    if (take("_HNSW")) {
      links();
    } else if (take("(")) {
      index(depth + 1);
      if (!take(")")) fail_here();
    }
    comma();
    codes();
  }

  void graph() {
    links();
    const bool more = left_.starts_with(',') && !left_.starts_with(",R");
    if (!more && !left_.starts_with('_')) return;
    left_.remove_prefix(1);
    codes();
  }

  /// With less than two, each vector would be on an endless number of levels.
  void links() {
    if (at_digit()) number("the number of links of HNSW", 2, kMaxLinks);
  }

  void codes() {
    for (const char* kind : {"Flat", "SQ4", "SQ6", "SQ8", "SQfp16"}) {
      if (take(kind)) return;
    }
    if (!take("PQ")) fail_here();
    require_parts("PQ", number("the number of parts of PQ", 1, dim_));
    if (take("x")) number("the number of bits of PQ", 1, kMaxBits);
    take("np");
  }

  std::string subject_;
  std::string_view left_;
  std::size_t dim_;  ///< at this place, after the transforms before it
};

}  // namespace

void check_factory_string(std::string_view description, std::size_t dim) {
  Parser(description, dim).whole();
}

}  // namespace claptools
