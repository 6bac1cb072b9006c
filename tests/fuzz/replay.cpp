// Runs a fuzz harness without libFuzzer: each seed as it is, then mutations of it that are always
// the same.
//
// usage: replay SEED-LIST MUTATIONS [tolerate]
//   SEED-LIST  file with a path on each line
//   tolerate   a mutation that ends the process by a signal, or hangs, is only counted: for
//              libraries that are known to do so on damaged files
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "claptools/core/random.hpp"
#include "fuzz/harness.hpp"

namespace {

using claptools::Random;
namespace fs = std::filesystem;

constexpr unsigned kTimeLimit = 20, kToleratedTime = 1;  // s an input

struct Seed {
  std::string path, bytes;
};

std::vector<Seed> read_seeds(const char* list) {
  std::vector<Seed> seeds;
  std::ifstream paths(list);
  for (std::string path; std::getline(paths, path);) {
    std::ifstream file(path, std::ios::binary);
    seeds.push_back({path, std::string(std::istreambuf_iterator<char>(file), {})});
    if (!file) throw std::runtime_error("cannot read " + path);
  }
  return seeds;
}

void change_once(std::string& bytes, const std::vector<Seed>& seeds, Random& random) {
  constexpr std::array kEdges{'\0', '\x01', '\x7F', '\x80', '\xFF', '\n', '\t', '"'};
  const auto position = [&] { return random.below(bytes.size() + 1); };
  const std::size_t at = position();
  switch (random.below(6)) {
    case 0:  // flip a bit
      if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      break;
    case 1:  // a value at the edge of a type
      if (at < bytes.size()) bytes[at] = kEdges[random.below(kEdges.size())];
      break;
    case 2:  // cut
      bytes.resize(at);
      break;
    case 3:  // take out
      bytes.erase(at, random.below(64));
      break;
    case 4:  // repeat
      bytes.insert(position(), bytes.substr(at, random.below(64)));
      break;
    default: {  // splice
      const std::string& other = seeds[random.below(seeds.size())].bytes;
      bytes.replace(at, std::string::npos, other, random.below(other.size() + 1));
    }
  }
}

/// Number 0 is the seed itself.
std::string mutate(const Seed& seed, std::size_t number, const std::vector<Seed>& seeds) {
  std::string bytes = seed.bytes;
  Random random(claptools::hash_seed({claptools::hash_text(seed.bytes), number}));
  const std::size_t changes = number == 0 ? 0 : 1 + random.below(4);
  for (std::size_t i = 0; i < changes; ++i) change_once(bytes, seeds, random);
  return bytes;
}

void run_one(const std::string& bytes, unsigned time_limit) {
  alarm(time_limit);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  alarm(0);
}

/// Runs seeds in child processes, so that a crash can be told and the rest still run.
class Replay {
 public:
  Replay(std::vector<Seed> seeds, std::size_t mutations, bool tolerate)
      : seeds_(std::move(seeds)), mutations_(mutations), tolerate_(tolerate) {
    void* shared =
        mmap(nullptr, sizeof *number_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) throw std::runtime_error("no shared memory");
    number_ = static_cast<std::size_t*>(shared);
  }

  /// @return whether nothing was found.
  bool run() {
    for (const Seed& seed : seeds_) {
      *number_ = 0;
      while (*number_ <= mutations_) run_rest(seed);
    }
    std::printf("%zu seeds, %zu mutations of each: %zu findings, %zu crashes or hangs tolerated\n",
                seeds_.size(), mutations_, findings_, tolerated_);
    return findings_ == 0 && !seeds_.empty();
  }

 private:
  /// From *number_ on, to the end or the first failure.
  void run_rest(const Seed& seed) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) run_child(seed);
    int status = 0;
    waitpid(child, &status, 0);
    if (status == 0) return;
    const bool tolerated = tolerate_ && WIFSIGNALED(status) && *number_ > 0;
    ++(tolerated ? tolerated_ : findings_);
    if (!tolerated)
      std::printf("%s, mutation %zu: status %d\n", seed.path.c_str(), *number_, status);
    ++*number_;
  }

  [[noreturn]] void run_child(const Seed& seed) {
    try {
      for (; *number_ <= mutations_; ++*number_) {
        run_one(mutate(seed, *number_, seeds_), tolerate_ ? kToleratedTime : kTimeLimit);
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "finding: %s\n", error.what());
      std::exit(1);
    }
    std::exit(0);
  }

  std::vector<Seed> seeds_;
  std::size_t mutations_;
  bool tolerate_;
  std::size_t* number_ = nullptr;  // of the mutation in hand; shared with the children
  std::size_t findings_ = 0, tolerated_ = 0;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) throw std::runtime_error("usage: replay SEED-LIST MUTATIONS [tolerate]");
  std::string folder = (fs::temp_directory_path() / "claptools-replay-XXXXXX").native();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  setenv("TMPDIR", folder.c_str(), 1);  // what crashed children leave behind goes with it
  const bool passed = Replay(read_seeds(argv[1]), std::strtoul(argv[2], nullptr, 10),
                             argc > 3 && argv[3] == std::string_view("tolerate"))
                          .run();
  fs::remove_all(folder);
  return passed ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "replay: %s\n", error.what());
  return 2;
}
