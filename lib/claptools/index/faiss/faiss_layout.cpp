#include "claptools/index/faiss/faiss_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/index/faiss/faiss_bytes.hpp"

// The format is defined by faiss/impl/index_write.cpp alone. All numbers are little-endian; a
// vector is its number of elements (u64) and the elements.

namespace claptools {
namespace {

constexpr std::size_t kMaxDim = 1 << 16;
constexpr int kMaxBeam =
    1 << 20;  // efSearch, efConstruction: FAISS allocates as much for every query
constexpr std::uint64_t kMaxProbe = 1 << 30;  // more than there are lists is allowed
constexpr std::uint64_t kMaxUntrainedLists = 1 << 20;
constexpr int kMaxDepth = 4;  // indexes inside indexes

struct IndexHeader {
  std::string type;  // four characters
  std::size_t dim = 0;
  std::size_t count = 0;
  bool trained = false;
};

class Walker : private FaissBytes {
 public:
  Walker(std::span<const std::byte> bytes, std::string_view subject)
      : FaissBytes(bytes, subject, nullptr) {}

  /// What can be mapped is passed over, all else compared with its checksums.
  explicit Walker(const CheckedFile& file)
      : FaissBytes(file.bytes(), file.subject(), &file), maps_vectors_(true), maps_lists_(true) {}

  MappableParts whole_file() {
    index(0);
    require(left().empty(), "bytes after the end of the index");
    return std::move(parts_);
  }

 private:
  /// All vectors of the outermost index, which can be searched where they are.
  void map_vectors(const IndexHeader& head, Gallery::Type type) {
    Gallery vectors{left().data(), head.count, head.dim, type};
    const std::size_t units =
        head.count * (type == Gallery::Type::float32 ? head.dim : 2 * head.dim);
    require(take<std::uint64_t>() == units, "vectors do not match their count");
    vectors.data = pass_over(vectors.rows * vectors.row_bytes());
    parts_.vectors = vectors;
  }

  IndexHeader header(std::string type) {
    IndexHeader head;
    head.type = std::move(type);
    head.dim = static_cast<std::size_t>(between<std::int32_t>(1, kMaxDim, "dimension"));
    head.count = take<std::uint64_t>();
    require(head.count <= left().size(), "more vectors than bytes");
    take_bytes(16);  // unused by FAISS
    head.trained = boolean();
    if (take<std::int32_t>() != 0) fail("the index does not compare by inner product");
    return head;
  }

  IndexHeader index(int depth) {
    require(depth <= kMaxDepth, "indexes nested too deep");
    const std::string type = four_characters();
    if (type == "IxFI" || type == "IxF2" || type == "IxFl") return flat(type, depth);
    if (type == "IxSQ") return scalar_quantized(type, depth);
    if (type == "IxPq") return product_quantized(type);
    if (type == "IHNf" || type == "IHNs" || type == "IHNp") return graph(type, depth);
    if (type == "IwFl" || type == "IwSq" || type == "IwPQ") return inverted_file(type, depth);
    if (type == "IxPT") return transformed(type, depth);
    if (type == "IxRF") return refined(type, depth);
    fail("not a FAISS index of a supported type");
  }

  IndexHeader flat(const std::string& type, int depth) {
    const IndexHeader head = header(type);
    if (maps_vectors_ && depth == 0) {
      map_vectors(head, Gallery::Type::float32);
      return head;
    }
    vector_of<float>(head.count * head.dim, "vectors do not match their count");
    return head;
  }

  IndexHeader scalar_quantized(const std::string& type, int depth) {
    const IndexHeader head = header(type);
    const bool is_half = quantizes_to_half();
    const std::size_t code_size = scalar_quantizer(head);
    if (maps_vectors_ && depth == 0 && is_half) {
      map_vectors(head, Gallery::Type::float16);
      return head;
    }
    vector_of<std::uint8_t>(head.count * code_size, "codes do not match their count");
    return head;
  }

  IndexHeader product_quantized(const std::string& type) {
    const IndexHeader head = header(type);
    const std::size_t code_size = product_quantizer(head.dim);
    vector_of<std::uint8_t>(head.count * code_size, "codes do not match their count");
    between<std::int32_t>(0, 0, "search type");
    boolean();
    take<std::int32_t>();  // Hamming threshold of another search type
    return head;
  }

  /// Of the scalar quantizer that comes next.
  bool quantizes_to_half() const {
    constexpr std::int32_t kHalf = 4;  // faiss::ScalarQuantizer::QT_fp16
    std::int32_t type = 0;
    if (left().size() >= sizeof type) std::memcpy(&type, left().data(), sizeof type);
    return type == kHalf;
  }

  /// @return bytes a vector.
  std::size_t scalar_quantizer(const IndexHeader& head) {
    const auto type = between<std::int32_t>(0, 6, "quantizer type");
    between<std::int32_t>(0, 3, "quantizer range");
    take<float>();
    require(take<std::uint64_t>() == head.dim, "quantizer dimension");
    const std::size_t d = head.dim;
    const std::array<std::size_t, 7> code_sizes{d, (d + 1) / 2,    d, (d + 1) / 2, 2 * d,
                                                d, (6 * d + 7) / 8};
    const std::array<std::size_t, 7> parameters{2 * d, 2 * d, 2, 2, 0, 0, 2 * d};
    const auto kind = static_cast<std::size_t>(type);
    require(take<std::uint64_t>() == code_sizes[kind], "code size");
    vector_of<float>(head.trained ? parameters[kind] : 0, "quantizer parameters");
    return code_sizes[kind];
  }

  /// @return bytes a vector.
  std::size_t product_quantizer(std::size_t dim) {
    require(take<std::uint64_t>() == dim, "quantizer dimension");
    const auto parts = between<std::uint64_t>(1, dim, "number of subquantizers");
    require(dim % parts == 0, "number of subquantizers");
    const auto bits = between<std::uint64_t>(1, 16, "bits of a subquantizer");
    vector_of<float>(dim << bits, "centroids do not match their count");
    return (parts * bits + 7) / 8;
  }

  IndexHeader graph(const std::string& type, int depth) {
    const IndexHeader head = header(type);
    graph_links(head.count);
    const IndexHeader storage = index(depth + 1);
    const char kind = type[3];
    require(kind == 'f'   ? storage.type.starts_with("IxF")
            : kind == 's' ? storage.type == "IxSQ"
                          : storage.type == "IxPq",
            "storage of another type");
    require(storage.dim == head.dim && storage.count == head.count, "storage of another shape");
    return head;
  }

  void graph_links(std::size_t count) {
    const auto probabilities = vector<double>();
    const auto widths = vector_of<std::int32_t>(probabilities.size() + 1, "levels of the graph");
    require(widths[0] == 0, "levels of the graph");
    for (std::size_t i = 1; i < widths.size(); ++i) {
      require(widths[i] >= widths[i - 1], "levels of the graph");
    }
    const auto levels = vector_of<std::int32_t>(count, "levels of the vectors");
    const auto offsets = vector_of<std::uint64_t>(count + 1, "offsets of the links");
    require(offsets[0] == 0, "offsets of the links");
    for (std::size_t i = 0; i < count; ++i) {
      require(levels[i] >= 1 && static_cast<std::size_t>(levels[i]) < widths.size(),
              "level of a vector");
      const auto links = widths[static_cast<std::size_t>(levels[i])];
      require(offsets[i + 1] - offsets[i] == static_cast<std::uint64_t>(links),
              "offsets of the links");
    }
    const auto links = vector_of<std::int32_t>(offsets[count], "links do not match their offsets");
    for (std::size_t i = 0; i < count; ++i) {
      for (int level = 0; level < levels[i]; ++level) {
        const auto at = static_cast<std::size_t>(level);
        check_links(links, levels, offsets[i] + static_cast<std::uint64_t>(widths[at]),
                    offsets[i] + static_cast<std::uint64_t>(widths[at + 1]), level);
      }
    }
    graph_parameters(levels);
  }

  /// Links of a level lead to vectors that reach this level.
  void check_links(const Elements<std::int32_t>& links, const Elements<std::int32_t>& levels,
                   std::uint64_t begin, std::uint64_t end, int level) const {
    for (std::uint64_t i = begin; i < end; ++i) {
      const std::int32_t to = links[i];
      if (to == -1) continue;
      require(to >= 0 && static_cast<std::size_t>(to) < levels.size(), "link to no vector");
      require(levels[static_cast<std::size_t>(to)] > level, "link to a lower level");
    }
  }

  void graph_parameters(const Elements<std::int32_t>& levels) {
    const auto entry = take<std::int32_t>();
    const auto max_level = take<std::int32_t>();
    if (levels.size() == 0) {
      require(entry == -1 && max_level == -1, "entry point");
    } else {
      require(entry >= 0 && static_cast<std::size_t>(entry) < levels.size(), "entry point");
      require(max_level == levels[static_cast<std::size_t>(entry)] - 1, "entry point");
    }
    between<std::int32_t>(1, kMaxBeam, "efConstruction");
    between<std::int32_t>(1, kMaxBeam, "efSearch");
    between<std::int32_t>(1, 1, "upper beam");
  }

  IndexHeader inverted_file(const std::string& type, int depth) {
    const IndexHeader head = header(type);
    const auto lists = take<std::uint64_t>();
    // Trained ones have a centre each in the file; memory for others is little.
    require(lists >= 1 && lists <= (head.trained ? left().size() : kMaxUntrainedLists),
            "number of lists");
    between<std::uint64_t>(1, kMaxProbe, "lists to probe");
    const bool maps_lists = std::exchange(maps_lists_, false);  // not those of the quantizer
    const IndexHeader quantizer = index(depth + 1);
    maps_lists_ = maps_lists;
    require(quantizer.dim == head.dim, "coarse quantizer of another dimension");
    require(quantizer.count == (head.trained ? lists : 0) && quantizer.trained,
            "coarse quantizer of another size");
    between<std::uint8_t>(0, 0, "a map from ids to lists is not supported");
    vector_of<std::int64_t>(0, "a map from ids to lists is not supported");
    inverted_lists(lists, code_size_of_lists(head), head.count);
    return head;
  }

  std::size_t code_size_of_lists(const IndexHeader& head) {
    if (head.type == "IwFl") return head.dim * sizeof(float);
    if (head.type == "IwSq") {
      const std::size_t size = scalar_quantizer(head);
      require(take<std::uint64_t>() == size, "code size");
      boolean();  // by residual
      return size;
    }
    boolean();  // by residual
    const auto size = take<std::uint64_t>();
    require(product_quantizer(head.dim) == size, "code size");
    return size;
  }

  void inverted_lists(std::size_t lists, std::size_t code_size, std::size_t count) {
    StoredLists stored;
    stored.begin = position();
    stored.code_size = code_size;
    require(four_characters() == "ilar", "inverted lists");
    require(take<std::uint64_t>() == lists, "number of lists");
    require(take<std::uint64_t>() == code_size, "code size");
    std::size_t found = 0;
    for (const std::uint64_t size : list_sizes(lists)) {
      require(size <= count - found, "more ids than vectors");
      found += size;
      stored.lists.push_back({position(), size});
      if (maps_lists_) {
        pass_over(size * (code_size + sizeof(std::int64_t)));
      } else {
        list(size, code_size, count);
      }
    }
    require(found == count, "fewer ids than vectors");
    stored.end = position();
    if (maps_lists_) parts_.lists = std::move(stored);
  }

  void list(std::size_t size, std::size_t code_size, std::size_t count) {
    elements<std::uint8_t>(size * code_size);
    const auto ids = elements<std::int64_t>(size);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      require(ids[i] >= 0 && static_cast<std::size_t>(ids[i]) < count, "id of no vector");
    }
  }

  std::vector<std::uint64_t> list_sizes(std::size_t lists) {
    const std::string kind = four_characters();
    require(kind == "full" || kind == "sprs", "sizes of the lists");
    std::vector<std::uint64_t> sizes(lists);
    if (kind == "full") {
      const auto stored = vector_of<std::uint64_t>(lists, "sizes of the lists");
      for (std::size_t i = 0; i < lists; ++i) sizes[i] = stored[i];
      return sizes;
    }
    const auto pairs = vector<std::uint64_t>();
    require(pairs.size() % 2 == 0, "sizes of the lists");
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
      require(pairs[i] < lists, "sizes of the lists");
      sizes[pairs[i]] = pairs[i + 1];
    }
    return sizes;
  }

  IndexHeader transformed(const std::string& type, int depth) {
    const IndexHeader head = header(type);
    const auto steps = between<std::int32_t>(0, 8, "number of transforms");
    std::size_t dim = head.dim;
    for (int i = 0; i < steps; ++i) dim = transform(dim);
    const IndexHeader inner = index(depth + 1);
    require(inner.dim == dim && inner.count == head.count, "inner index of another shape");
    require(inner.trained || !head.trained, "inner index not trained");
    return head;
  }

  /// @return the dimension behind the transform.
  std::size_t transform(std::size_t dim) {
    const std::string type = four_characters();
    if (type == "VNrm") {
      between<float>(2, 2, "norm");
      return transform_shape(dim, true).second;
    }
    if (type == "PcAm" || type == "Pcam") {
      take<float>();
      if (type == "Pcam") take<float>();
      boolean();
      take<std::int32_t>();
      for (int i = 0; i < 3; ++i) vector<float>();  // needed to go on training only
    } else if (type != "rrot" && type != "LTra") {
      fail("not a FAISS transform of a supported type");
    }
    const bool has_bias = boolean();
    const auto matrix = vector<float>();
    const auto bias = vector<float>();
    const auto [trained, out] = transform_shape(dim, false);
    require(matrix.size() == (trained ? dim * out : 0), "transform matrix of another shape");
    require(bias.size() == (trained && has_bias ? out : 0), "transform bias of another shape");
    return out;
  }

  /// @return whether trained, and the dimension behind the transform.
  std::pair<bool, std::size_t> transform_shape(std::size_t dim, bool keeps_dim) {
    require(static_cast<std::size_t>(take<std::int32_t>()) == dim,
            "transform of another dimension");
    const auto out = static_cast<std::size_t>(between<std::int32_t>(1, kMaxDim, "dimension"));
    require(!keeps_dim || out == dim, "transform of another dimension");
    return {boolean(), out};
  }

  IndexHeader refined(const std::string& type, int depth) {
    const IndexHeader head = header(type);
    maps_lists_ = false;  // FAISS follows their ids without a look
    for (int i = 0; i < 2; ++i) {
      const IndexHeader part = index(depth + 1);
      require(part.dim == head.dim && part.count == head.count, "inner index of another shape");
      require(part.trained || !head.trained, "inner index not trained");
      require(i == 0 || part.type.starts_with("Ix"), "refinement of an unsupported type");
    }
    between<float>(1, 1000, "refinement factor");
    return head;
  }

  bool maps_vectors_ = false;
  bool maps_lists_ = false;
  MappableParts parts_;
};

}  // namespace

void check_faiss_layout(std::span<const std::byte> bytes, std::string_view subject) {
  Walker(bytes, subject).whole_file();
}

MappableParts find_mappable_parts(const CheckedFile& file) { return Walker(file).whole_file(); }

}  // namespace claptools
