// usage: bench_index THREADS, then commands on standard input, each answered by a line of JSON:
//
//   make N DIM QUERIES FOLDER: unit vectors in N / 200 clusters: base.f32, queries.f32, and
//   base.faiss of type Flat
//
//   take FILE QUERIES FOLDER: the same files from the frames of an embedding file, QUERIES of them,
//   evenly spread, as queries and the others as base; the dimension
//
//   copies N DIM EXPONENT FOLDER: base.faiss of unit vectors as models give them: a
//   common direction, along which they have three quarters of their length, and around it variances
//   that fall as the power EXPONENT of their rank (2 of the demonstration model, 0: all alike);
//   every tenth is a copy of one before, with a cosine of about 0.995
//
//   directory SHA256 PATH: base.faiss as an index directory of a model, a recording per row
//
//   duplicates THRESHOLD: pairs of base.faiss, each vector a recording of its own; seconds, pairs
//
//   truth: exact neighbours of the queries, truth.i64 [queries, 10]
//
//   build FACTORY: an index of the base; seconds, MiB
//
//   flat: opens base.faiss as clap-query does; seconds, MiB
//
//   search NPROBE EF: all queries once; queries a second, recall@10. 0 leaves what was built.
//
// index_compare.py talks to it.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fstream>
#include <iostream>
#include <numeric>
#include <random>
#include <sstream>
#include <string>

#include "claptools/core/files/mapped_file.hpp"
#include "claptools/index/duplicates/near_pairs.hpp"
#include "claptools/index/index.hpp"
#include "claptools/index/index_directory.hpp"
#include "claptools/store/embedding_file.hpp"

namespace {

using claptools::Matrix;
using claptools::MatrixView;
using claptools::Neighbours;

constexpr std::size_t kNeighbours = 10;
constexpr std::size_t kClusterRows = 200;
constexpr std::size_t kBlock = 8192;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Of all threads.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Memory of the process that is no file's. Files can be dropped from memory and read again.
double anonymous_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "RssAnon:" && status >> word) return std::stod(word) / 1024;
  }
  return 0;
}

/// A unit vector around a centre.
void draw(std::span<float> row, const Matrix& centres, std::mt19937_64& engine) {
  std::normal_distribution<float> normal;
  const auto centre = centres.row(engine() % centres.rows);
  double square = 0;
  for (std::size_t d = 0; d < row.size(); ++d) {
    row[d] = centre[d] + normal(engine);
    square += double{row[d]} * row[d];
  }
  for (float& x : row) x /= static_cast<float>(std::sqrt(square));
}

class Bench {
 public:
  explicit Bench(int threads) : threads_(threads) {}

  void make(std::size_t rows, std::size_t dim, std::size_t queries, const std::string& folder) {
    folder_ = folder;
    dim_ = dim;
    std::mt19937_64 engine(1);
    std::normal_distribution<float> normal;
    Matrix centres(std::max<std::size_t>(rows / kClusterRows, 1), dim);
    for (float& x : centres.data) x = normal(engine);
    const auto flat = claptools::make_index("Flat", dim);
    const auto add = [&](MatrixView block) { flat->add(block); };
    write("base.f32", rows, add, centres, engine);
    write(
        "queries.f32", queries, [](MatrixView) {}, centres, engine);
    flat->save(folder_ + "/base.faiss");
    std::cout << "{\"rows\": " << rows << "}" << std::endl;
  }

  void take(const std::string& file, std::size_t queries, const std::string& folder) {
    folder_ = folder;
    const claptools::EmbeddingReader reader(file);
    dim_ = reader.header().dim;
    std::vector<float> all;
    for (std::size_t row = 0; row < reader.rows(); ++row) {
      const Matrix frames = reader.frames(row);
      all.insert(all.end(), frames.data.begin(), frames.data.end());
    }
    const std::size_t rows = all.size() / dim_, step = rows / queries;
    const auto flat = claptools::make_index("Flat", dim_);
    std::ofstream base(folder_ + "/base.f32", std::ios::binary),
        asked(folder_ + "/queries.f32", std::ios::binary);
    for (std::size_t row = 0; row < rows; ++row) {
      const bool is_query = row % step == step - 1 && row / step < queries;
      const MatrixView one{all.data() + row * dim_, 1, dim_};
      (is_query ? asked : base)
          .write(reinterpret_cast<const char*>(one.data),
                 static_cast<std::streamsize>(dim_ * sizeof(float)));
      if (!is_query) flat->add(one);
    }
    flat->save(folder_ + "/base.faiss");
    std::cout << "{\"dim\": " << dim_ << "}" << std::endl;
  }

  void copies(std::size_t rows, std::size_t dim, double exponent, const std::string& folder) {
    constexpr float kNoise = 0.1F;  // length of what tells a copy from its original
    folder_ = folder;
    dim_ = dim;
    std::vector<float> deviations(dim);
    double variance = 0;
    for (std::size_t d = 0; d < dim; ++d) {
      variance += std::pow(d + 1.0, -exponent);
      deviations[d] = static_cast<float>(std::pow(d + 1.0, -exponent / 2));
    }
    const auto common = static_cast<float>(1.13 * std::sqrt(variance));
    std::mt19937_64 engine(1);
    std::normal_distribution<float> normal;
    Matrix all(rows, dim);
    for (std::size_t i = 0; i < rows; ++i) {
      const auto row = all.row(i);
      const bool is_copy = i % 10 == 9;
      const auto original = all.row(engine() % std::max<std::size_t>(i, 1));
      const float noise = kNoise / std::sqrt(static_cast<float>(dim));
      double square = 0;
      for (std::size_t d = 0; d < dim; ++d) {
        row[d] = is_copy ? original[d] + noise * normal(engine) : deviations[d] * normal(engine);
        if (!is_copy && d == dim - 1) row[d] += common;
        square += double{row[d]} * row[d];
      }
      for (float& x : row) x /= static_cast<float>(std::sqrt(square));
    }
    const auto flat = claptools::make_index("Flat", dim);
    flat->add(all);
    flat->save(folder_ + "/base.faiss");
    std::cout << "{\"rows\": " << rows << "}" << std::endl;
  }

  void directory(const std::string& sha256, const std::string& path) const {
    claptools::IndexRows rows;
    rows.header.dim = dim_;
    rows.header.model_name = "bench";
    rows.header.model_sha256 = sha256;
    const auto index = claptools::load_index(folder_ + "/base.faiss");
    for (std::size_t i = 0; i < index->size(); ++i)
      rows.segments.push_back({"recording/" + std::to_string(i) + ".wav", 0, 10});
    claptools::write_index_directory(path, *index, rows, true);
    std::cout << "{}" << std::endl;
  }

  void duplicates(double threshold) {
    open_flat();
    std::vector<std::uint32_t> recordings(index_->size());
    std::iota(recordings.begin(), recordings.end(), 0u);
    claptools::PairOptions options;
    options.threshold = threshold;
    options.threads = threads_;
    const double start = seconds(), before = processor_seconds();
    const auto pairs = claptools::find_near_pairs(*index_, recordings, options);
    std::cout << "{\"s\": " << seconds() - start
              << ", \"processor_s\": " << processor_seconds() - before
              << ", \"pairs\": " << pairs.size() << "}" << std::endl;
  }

  void truth() {
    open_flat();
    const claptools::MappedFile file(folder_ + "/queries.f32");
    truth_ = index_->search(vectors(file), kNeighbours).ids;
    std::ofstream(folder_ + "/truth.i64", std::ios::binary)
        .write(reinterpret_cast<const char*>(truth_.data()),
               static_cast<std::streamsize>(truth_.size() * sizeof truth_[0]));
    std::cout << "{}" << std::endl;
  }

  void build(const std::string& factory) {
    measure([&] {
      const claptools::MappedFile file(folder_ + "/base.f32");
      const MatrixView base = vectors(file);
      auto index = claptools::make_index(factory, dim_);
      index->set_threads(threads_);
      if (!index->is_trained()) index->train(base.slice(0, std::min(base.rows, kSample)));
      for (std::size_t i = 0; i < base.rows; i += kBlock) {
        index->add(base.slice(i, std::min(kBlock, base.rows - i)));
      }
      index_ = std::move(index);
    });
  }

  void flat() {
    measure([&] { open_flat(); });
  }

  void search(std::size_t nprobe, int ef) {
    if (nprobe > 0 || ef > 0) index_->set_effort({nprobe, ef});
    const claptools::MappedFile file(folder_ + "/queries.f32");
    const MatrixView some = vectors(file);
    const double start = seconds();
    const Neighbours found = index_->search(some, kNeighbours);
    const double taken = seconds() - start;
    std::cout << "{\"qps\": " << static_cast<double>(some.rows) / taken
              << ", \"recall\": " << recall(found) << "}" << std::endl;
  }

 private:
  static constexpr std::size_t kSample = std::size_t{1} << 18;

  void open_flat() {
    index_ = claptools::open_index(folder_ + "/base.faiss");
    index_->set_threads(threads_);
  }

  template <typename Visit>
  void write(const std::string& name, std::size_t rows, const Visit& visit, const Matrix& centres,
             std::mt19937_64& engine) const {
    std::ofstream out(folder_ + "/" + name, std::ios::binary);
    for (std::size_t first = 0; first < rows; first += kBlock) {
      Matrix block(std::min(kBlock, rows - first), dim_);
      for (std::size_t i = 0; i < block.rows; ++i) draw(block.row(i), centres, engine);
      out.write(reinterpret_cast<const char*>(block.data.data()),
                static_cast<std::streamsize>(block.data.size() * sizeof(float)));
      visit(block);
    }
  }

  template <typename Work>
  void measure(const Work& work) {
    index_.reset();
    const double before = anonymous_mib(), start = seconds();
    work();
    std::cout << "{\"build_s\": " << seconds() - start << ", \"mib\": " << anonymous_mib() - before
              << "}" << std::endl;
  }

  MatrixView vectors(const claptools::MappedFile& file) const {
    const auto bytes = file.bytes();
    return {reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float) / dim_,
            dim_};
  }

  double recall(const Neighbours& found) const {
    std::size_t hits = 0;
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      const auto row = found.ids.begin() + static_cast<std::ptrdiff_t>(i / kNeighbours * found.k);
      hits += std::find(row, row + static_cast<std::ptrdiff_t>(found.k), truth_[i]) !=
              row + static_cast<std::ptrdiff_t>(found.k);
    }
    return static_cast<double>(hits) / static_cast<double>(truth_.size());
  }

  int threads_;
  std::string folder_;
  std::size_t dim_ = 0;
  std::unique_ptr<claptools::SearchIndex> index_;
  std::vector<std::int64_t> truth_;
};

}  // namespace

int main(int argc, char** argv) {
  Bench bench(argc > 1 ? std::stoi(argv[1]) : 2);
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command, file, text;
    std::size_t a = 0, b = 0, c = 0;
    double real = 0;
    words >> command;
    if (command == "make" && words >> a >> b >> c >> text) bench.make(a, b, c, text);
    if (command == "take" && words >> file >> a >> text) bench.take(file, a, text);
    if (command == "copies" && words >> a >> b >> real >> text) bench.copies(a, b, real, text);
    if (command == "directory" && words >> file >> text) bench.directory(file, text);
    if (command == "duplicates" && words >> real) bench.duplicates(real);
    if (command == "truth") bench.truth();
    if (command == "build" && words >> text) bench.build(text);
    if (command == "flat") bench.flat();
    if (command == "search" && words >> a >> b) bench.search(a, static_cast<int>(b));
  }
}
