#include <mpi.h>
#include <stdlib.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "claptools/core/error.hpp"
#include "claptools/parallel/mpi.hpp"

namespace claptools {
namespace {

void check(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char words[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, words, &length);
  throw Error(Fault::io, call, std::string(words, static_cast<std::size_t>(length)));
}

/// Calls `use` on pieces of at most `limit` values.
template <class T, class Use>
void in_pieces(std::span<T> values, std::size_t limit, Use use) {
  while (!values.empty()) {
    const auto piece = values.first(std::min(values.size(), limit));
    use(piece.data(), static_cast<int>(piece.size()));
    values = values.subspan(piece.size());
  }
}

class PendingSum final : public Communicator::Pending {
 public:
  explicit PendingSum(std::vector<MPI_Request> requests) : requests_(std::move(requests)) {}
  PendingSum(const PendingSum&) = delete;
  PendingSum& operator=(const PendingSum&) = delete;
  ~PendingSum() override { finish(); }
  void wait() override { check(finish(), "MPI_Waitall"); }

 private:
  int finish() {
    auto requests = std::exchange(requests_, {});
    return MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
  }

  std::vector<MPI_Request> requests_;
};

class MpiCommunicator final : public Communicator {
 public:
  explicit MpiCommunicator(std::size_t call_limit) : call_limit_(call_limit) {
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  /// MPI_Finalize waits for all ranks, so one that fails must not call it. Aborting here would kill
  /// this process before it has said why it fails: that is left to its exit.
  ~MpiCommunicator() override {
    if (std::uncaught_exceptions() == 0) {
      MPI_Finalize();
    } else {
      on_exit([](int status, void*) { MPI_Abort(MPI_COMM_WORLD, status); }, nullptr);
    }
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  std::unique_ptr<Pending> start_sum(std::span<float> values) override {
    std::vector<MPI_Request> requests;
    in_pieces(values, call_limit_, [&](float* data, int count) {
      check(MPI_Iallreduce(MPI_IN_PLACE, data, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD,
                           &requests.emplace_back()),
            "MPI_Iallreduce");
    });
    return std::make_unique<PendingSum>(std::move(requests));
  }

  void sum(std::span<double> values) override {
    in_pieces(values, call_limit_, [](double* data, int count) {
      check(MPI_Allreduce(MPI_IN_PLACE, data, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD),
            "MPI_Allreduce");
    });
  }

  std::vector<float> gather(std::span<const float> values) override {
    return gather_as(values, MPI_FLOAT);
  }
  std::vector<std::uint64_t> gather(std::span<const std::uint64_t> values) override {
    return gather_as(values, MPI_UINT64_T);
  }

  void broadcast(std::span<float> values) override {
    in_pieces(values, call_limit_, [](float* data, int count) {
      check(MPI_Bcast(data, count, MPI_FLOAT, 0, MPI_COMM_WORLD), "MPI_Bcast");
    });
  }

  bool any(bool value) override {
    int flag = value;
    check(MPI_Allreduce(MPI_IN_PLACE, &flag, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD), "MPI_Allreduce");
    return flag != 0;
  }

 private:
  template <class T>
  std::vector<T> gather_as(std::span<const T> values, MPI_Datatype type) {
    const std::vector<int> counts = gather_counts(values.size());
    std::vector<int> places(counts.size());
    std::exclusive_scan(counts.begin(), counts.end(), places.begin(), 0);
    std::vector<T> all(static_cast<std::size_t>(places.back()) +
                       static_cast<std::size_t>(counts.back()));
    check(MPI_Allgatherv(values.data(), static_cast<int>(values.size()), type, all.data(),
                         counts.data(), places.data(), type, MPI_COMM_WORLD),
          "MPI_Allgatherv");
    return all;
  }

  /// How many values each rank has; all ranks throw alike if they are too many for one call.
  std::vector<int> gather_counts(std::uint64_t mine) {
    std::vector<std::uint64_t> counts(static_cast<std::size_t>(size_));
    check(MPI_Allgather(&mine, 1, MPI_UINT64_T, counts.data(), 1, MPI_UINT64_T, MPI_COMM_WORLD),
          "MPI_Allgather");
    const std::uint64_t total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    if (total > std::numeric_limits<int>::max()) {
      throw Error(Fault::unavailable, "MPI_Allgatherv", "more than 2^31 values");
    }
    return {counts.begin(), counts.end()};
  }

  std::size_t call_limit_;
  int rank_ = 0;
  int size_ = 1;
};

/// Threads take turns, but need not be the one that started MPI.
void init(int* argc, char*** argv) {
  int running = 0;
  MPI_Initialized(&running);
  if (running) throw Error(Fault::internal, "MPI", "is started for the second time");
  int provided = MPI_THREAD_SINGLE;
  if (MPI_Init_thread(argc, argv, MPI_THREAD_MULTIPLE, &provided) != MPI_SUCCESS) {
    throw Error(Fault::unavailable, "MPI", "does not start");
  }
  if (provided < MPI_THREAD_SERIALIZED) {
    MPI_Finalize();
    throw Error(Fault::unavailable, "MPI", "was built without support for threads");
  }
}

}  // namespace

std::unique_ptr<Communicator> start_mpi(int* argc, char*** argv, int started,
                                        std::size_t call_limit) {
  init(argc, argv);
  auto processes = std::make_unique<MpiCommunicator>(call_limit);
  if (processes->size() != started) {
    throw Error(Fault::unavailable, "MPI",
                std::to_string(started) + " processes were started, but it knows of " +
                    std::to_string(processes->size()) + "; is the launcher another MPI's?");
  }
  return processes;
}

}  // namespace claptools
