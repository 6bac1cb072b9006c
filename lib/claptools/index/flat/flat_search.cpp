#include "claptools/index/flat/flat_search.hpp"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "claptools/core/half.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/core/processors.hpp"
#include "claptools/index/flat/packed_gallery.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace claptools {
namespace {

constexpr std::size_t kQueries = 512;  // per block: as seldom the gallery is read and laid out
constexpr std::size_t kChunk = 64;   // gallery rows that one thread scores at a time, in its cache
constexpr std::size_t kShares = 8;   // of a stretch that each thread takes one after the other
constexpr std::size_t kGlance = 16;  // scores looked at together
// Scores that are kept before the best are picked from them. Of one query that is a million rows: a
// thread that waits for others at every few thousand rows would be late for most of its life.
constexpr std::size_t kScores = kQueries * kChunk * 32;

#if defined(__x86_64__)
/// Eight at a time; the rest is left to the caller. @return how many were done.
CLAPTOOLS_AVX2 std::size_t widen_f16c(const std::byte* halves, std::size_t count, float* out) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    __m128i eight;
    std::memcpy(&eight, halves + 2 * i, sizeof eight);
    _mm256_storeu_ps(out + i, _mm256_cvtph_ps(eight));
  }
  return i;
}
#endif

void widen(const std::byte* halves, std::size_t count, float* out) {
  std::size_t i = 0;
#if defined(__x86_64__)
  if (usable_instructions() >= Instructions::avx2) i = widen_f16c(halves, count, out);
#endif
  for (; i < count; ++i) {
    std::uint16_t half;
    std::memcpy(&half, halves + 2 * i, sizeof half);
    out[i] = from_half(half);
  }
}

struct Hit {
  float score;
  std::int64_t id;
};

bool better(const Hit& a, const Hit& b) {
  return a.score > b.score || (a.score == b.score && a.id < b.id);
}

/// The k best so far, a heap with the worst on top.
class Best {
 public:
  explicit Best(std::size_t k) : k_(k) { hits_.reserve(k); }

  /// No lower score would be taken.
  float least() const {
    return hits_.size() == k_ ? hits_.front().score : -std::numeric_limits<float>::infinity();
  }

  void offer(Hit hit) {
    if (hits_.size() == k_) {
      if (!better(hit, hits_.front())) return;
      std::pop_heap(hits_.begin(), hits_.end(), better);
      hits_.pop_back();
    }
    hits_.push_back(hit);
    std::push_heap(hits_.begin(), hits_.end(), better);
  }

  /// Leaves the heap sorted, best first.
  const std::vector<Hit>& sort() {
    std::sort_heap(hits_.begin(), hits_.end(), better);
    return hits_;
  }

 private:
  std::size_t k_;
  std::vector<Hit> hits_;
};

/// Whether none of kGlance scores would be taken; without branches, so that a compiler uses
/// vectors.
bool all_below(const float* scores, float least) {
  bool below = true;
  for (std::size_t i = 0; i < kGlance; ++i) below &= scores[i] < least;
  return below;
}

/// Scores of one block of queries against a stretch of the gallery, a matrix for each chunk.
class BlockScores {
 public:
  /// @param queries that a block has at most.
  BlockScores(std::size_t queries, std::size_t rows)
      : stretch_(std::min(kScores / queries, rows + kChunk) / kChunk * kChunk),
        queries_(queries),
        scores_(stretch_ * queries) {}

  std::size_t stretch() const { return stretch_; }  ///< rows that compute() takes

  void compute(MatrixView queries, const Gallery& gallery, std::size_t first) {
    first_ = first;
    rows_ = std::min(stretch_, gallery.rows - first);
    const std::size_t chunks = (rows_ + kChunk - 1) / kChunk;
    const auto threads = static_cast<std::size_t>(omp_get_max_threads());
    // Threads that take small shares sleep when they have none. OpenMP's wait for each other in a
    // loop, which on a busy machine takes the time of those they wait for.
    const std::size_t share = std::max<std::size_t>(1, chunks / (threads * kShares));
    parallel_for((chunks + share - 1) / share, static_cast<int>(threads), [&](std::size_t task) {
      std::vector<float> scratch;
      PackedGallery panels;
      for (std::size_t c = task * share; c < std::min((task + 1) * share, chunks); ++c) {
        const std::size_t begin = c * kChunk;
        const std::size_t count = std::min(kChunk, rows_ - begin);
        panels.pack(gallery.slice(first + begin, count).floats(scratch));
        panels.score(queries, {&scores_[begin * queries_], queries.rows * count});
      }
    });
  }

  void offer_to(Best& best, std::size_t query) const {
    for (std::size_t begin = 0; begin < rows_; begin += kChunk) {
      const std::size_t count = std::min(kChunk, rows_ - begin);
      const float* row = &scores_[begin * queries_ + query * count];
      for (std::size_t i = 0; i < count; i += kGlance) {
        const std::size_t end = std::min(i + kGlance, count);
        if (end == i + kGlance && all_below(row + i, best.least())) continue;  // nearly always
        for (std::size_t j = i; j < end; ++j) {
          if (row[j] < best.least()) continue;
          best.offer({row[j], static_cast<std::int64_t>(first_ + begin + j)});
        }
      }
    }
  }

 private:
  std::size_t stretch_, queries_;
  std::vector<float> scores_;
  std::size_t first_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace

MatrixView Gallery::floats(std::vector<float>& scratch) const {
  if (type == Type::float32 && std::bit_cast<std::uintptr_t>(data) % alignof(float) == 0) {
    return {static_cast<const float*>(data), rows, cols};
  }
  scratch.resize(rows * cols);
  if (type == Type::float16) {
    widen(static_cast<const std::byte*>(data), rows * cols, scratch.data());
  } else if (rows * cols > 0) {
    std::memcpy(scratch.data(), data, rows * row_bytes());
  }
  return {scratch.data(), rows, cols};
}

Neighbours flat_search(const Gallery& gallery, MatrixView queries, std::size_t k) {
  Neighbours found{k, {}, {}};
  found.ids.reserve(queries.rows * k);
  found.scores.reserve(queries.rows * k);
  if (k == 0 || queries.rows == 0) return found;
  BlockScores scores(std::min(queries.rows, kQueries), gallery.rows);
  for (std::size_t q = 0; q < queries.rows; q += kQueries) {
    const std::size_t count = std::min(kQueries, queries.rows - q);
    const MatrixView block = queries.slice(q, count);
    std::vector<Best> best(block.rows, Best(k));
    for (std::size_t first = 0; first < gallery.rows; first += scores.stretch()) {
      scores.compute(block, gallery, first);
#pragma omp parallel for if (block.rows > 1)
      for (std::size_t i = 0; i < block.rows; ++i) scores.offer_to(best[i], i);
    }
    for (Best& one : best) {
      for (const Hit& hit : one.sort()) {
        found.ids.push_back(hit.id);
        found.scores.push_back(hit.score);
      }
    }
  }
  return found;
}

}  // namespace claptools
