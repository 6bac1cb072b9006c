#pragma once

#include <algorithm>
#include <barrier>
#include <cstring>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "claptools/parallel/communicator.hpp"

namespace claptools::testing {

/// Ranks as threads of one process: what MPI does, without MPI.
class ThreadRanks {
 public:
  explicit ThreadRanks(int size) : size_(size), barrier_(size), floats_(size), words_(size) {}

  /// Calls `work` on every rank and waits.
  void run(const std::function<void(Communicator&)>& work) {
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < size_; ++rank) {
      threads.emplace_back([this, rank, &work] {
        Rank own(*this, rank);
        work(own);
      });
    }
  }

 private:
  class Rank : public Communicator {
   public:
    Rank(ThreadRanks& all, int rank) : all_(all), rank_(rank) {}
    int rank() const override { return rank_; }
    int size() const override { return all_.size_; }
    std::unique_ptr<Pending> start_sum(std::span<float> values) override {
      struct Done : Pending {
        void wait() override {}
      };
      const std::vector<double> sums = total(std::vector<double>(values.begin(), values.end()));
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(sums[i]);
      return std::make_unique<Done>();
    }
    void sum(std::span<double> values) override {
      const std::vector<double> sums = total({values.begin(), values.end()});
      std::copy(sums.begin(), sums.end(), values.begin());
    }
    std::vector<float> gather(std::span<const float> values) override {
      std::vector<float> all;
      for (const auto& part : exchange({values.begin(), values.end()}))
        all.insert(all.end(), part.begin(), part.end());
      return all;
    }
    std::vector<std::uint64_t> gather(std::span<const std::uint64_t> values) override {
      all_.words_[static_cast<std::size_t>(rank_)].assign(values.begin(), values.end());
      all_.barrier_.arrive_and_wait();
      std::vector<std::uint64_t> all;
      for (const auto& part : all_.words_) all.insert(all.end(), part.begin(), part.end());
      all_.barrier_.arrive_and_wait();
      return all;
    }
    void broadcast(std::span<float> values) override {
      const auto all = exchange({values.begin(), values.end()});
      std::copy(all[0].begin(), all[0].end(), values.begin());
    }
    bool any(bool value) override {
      double count = value ? 1 : 0;
      sum({&count, 1});
      return count > 0;
    }

   private:
    std::vector<std::vector<double>> exchange(std::vector<double> own) {
      all_.floats_[static_cast<std::size_t>(rank_)] = std::move(own);
      all_.barrier_.arrive_and_wait();
      auto all = all_.floats_;
      all_.barrier_.arrive_and_wait();
      return all;
    }
    std::vector<double> total(std::vector<double> own) {
      const auto all = exchange(std::move(own));
      std::vector<double> sums(all[0].size());
      for (const auto& part : all) {
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += part[i];
      }
      return sums;
    }

    ThreadRanks& all_;
    int rank_;
  };

  int size_;
  std::barrier<> barrier_;
  std::vector<std::vector<double>> floats_;
  std::vector<std::vector<std::uint64_t>> words_;
};

}  // namespace claptools::testing
