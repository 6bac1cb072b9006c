#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "claptools/core/checksum.hpp"
#include "claptools/core/matrix.hpp"

namespace claptools {

/// The results of a search, best first; of equal scores the lower id first.
struct Neighbours {
  std::size_t k = 0;              ///< per query: as asked for, but no more than there are vectors
  std::vector<std::int64_t> ids;  ///< [queries, k], -1 where an approximate index found fewer
  std::vector<float> scores;      ///< [queries, k] inner products; lowest() beside an id of -1
};

/// A range of rows.
struct RowRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// How thoroughly an approximate index searches; 0 keeps the setting it was built with.
struct SearchEffort {
  std::size_t nprobe = 0;  ///< inverted lists to visit
  int ef = 0;              ///< candidates that the walk through an HNSW graph keeps
};

struct Gallery;  // flat/flat_search.hpp

/// Vectors to search by inner product, with the ids 0, 1, 2 ...
class SearchIndex {
 public:
  virtual ~SearchIndex() = default;

  virtual std::size_t size() const = 0;
  virtual std::size_t dim() const = 0;

  /// The index type, in the notation of make_index if FAISS keeps enough information: "Flat",
  /// "IVF256,PQ16", "HNSW32". A learned rotation comes back as "Linear".
  virtual std::string type() const = 0;

  /// Exact for "Flat" and "SQfp16", whose results depend neither on the number of threads nor on
  /// how queries are batched.
  /// @param queries [n, dim]. @param rows where to look; Neighbours::k is at most their number.
  /// @throws Error{data} for another width or damage in what had to be read, {usage} for rows that
  /// are not there or an index type that can only be searched as a whole.
  virtual Neighbours search(MatrixView queries, std::size_t k, RowRange rows) const = 0;
  Neighbours search(MatrixView queries, std::size_t k) const {
    return search(queries, k, {0, size()});
  }

  /// The vectors of ids [first, first + count), as exactly as the index type stores them.
  /// @throws Error{usage} if it cannot give them back or there are fewer.
  virtual Matrix vectors(std::size_t first, std::size_t count) const = 0;

  /// All vectors where they lie, in memory or in a mapped file, compared with their checksums;
  /// nothing if the index type stores them otherwise than exact search needs them.
  /// @throws Error{data} for damage.
  virtual std::optional<Gallery> gallery() const;

  /// Threads of train, add and search; 0 = OpenMP's default. HNSW graphs are always built on one
  /// thread: on several, the same vectors give another graph each time.
  virtual void set_threads(int threads) = 0;

  /// @throws Error{usage} for what this index type does not have.
  virtual void set_effort(const SearchEffort& effort) = 0;
};

/// One that lies in memory and can grow.
class Index : public SearchIndex {
 public:
  virtual bool is_trained() const = 0;

  /// Trains what the index type needs (centroids, rotations). @param sample [n, dim].
  /// @throws Error{usage} if FAISS refuses, such as for a sample that is too small.
  virtual void train(MatrixView sample) = 0;

  /// @param vectors [n, dim]. @throws Error{usage} before training, {data} for another width.
  virtual void add(MatrixView vectors) = 0;

  /// Vector i becomes what vector rows[i] was, in the form that it is stored in; a number may occur
  /// several times. The training stays. A graph is built again through all of them.
  /// @throws Error{internal} for a number that no vector has.
  virtual void select(std::span<const std::size_t> rows) = 0;

  /// Whether select() only moves vectors; else it builds a graph again, which takes long.
  virtual bool can_move_vectors() const = 0;

  /// Removes the vectors and keeps the training.
  virtual void clear() = 0;

  /// The training, as bytes to compare; only of an empty index.
  virtual std::string training() const = 0;

  /// Moves the vectors of `other`, which is empty then, after its own, in the form they are stored
  /// in; a graph through them is built again. Both must have the same training().
  /// @throws Error{data} if the types differ.
  virtual void append(Index& other) = 0;

  /// Writes a plain FAISS index, appearing whole. @throws Error{cannot_create, io}.
  virtual void save(const std::filesystem::path& path) const = 0;
};

/// An empty index from FAISS's own description: "Flat", "HNSW32", "IVF256,SQ8",
/// "OPQ16_64,IVF4096,PQ16" ... An IVF index probes the square root of its number of lists, not
/// FAISS's 1.
/// @throws Error{unavailable} if FAISS was built for another processor, {usage} naming the
/// description: it is not understood, has numbers that FAISS cannot do with, or makes a type that
/// load_index does not know.
std::unique_ptr<Index> make_index(std::string_view description, std::size_t dim);

/// Reads what save() wrote, or Python's faiss.write_index. Checksums, then every size, offset and
/// id are checked before FAISS sees the file; known are Flat, SQ, PQ, IVF with these, HNSW over
/// these, refinement, and linear transforms before them.
/// @param checksums of the file; none: not compared.
/// @throws Error{no_input}, {data} for a damaged file, an unknown type or another metric than inner
/// product.
std::unique_ptr<Index> load_index(const std::filesystem::path& path,
                                  const std::optional<BlockChecksums>& checksums = {});

/// The same to search only, mapped where the type allows it: the vectors of Flat and SQfp16 and
/// inverted lists stay in the file until a search needs them, and are checked then, so that opening
/// takes the same time whatever their size.
std::unique_ptr<SearchIndex> open_index(const std::filesystem::path& path,
                                        const std::optional<BlockChecksums>& checksums = {});

}  // namespace claptools
