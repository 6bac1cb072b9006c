#include "claptools/parallel/communicator.hpp"

namespace claptools {
namespace {

class Done final : public Communicator::Pending {
 public:
  void wait() override {}
};

class SingleProcess final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  std::unique_ptr<Pending> start_sum(std::span<float>) override { return std::make_unique<Done>(); }
  void sum(std::span<double>) override {}
  std::vector<float> gather(std::span<const float> values) override {
    return {values.begin(), values.end()};
  }
  std::vector<std::uint64_t> gather(std::span<const std::uint64_t> values) override {
    return {values.begin(), values.end()};
  }
  void broadcast(std::span<float>) override {}
  bool any(bool value) override { return value; }
};

}  // namespace

std::unique_ptr<Communicator> make_single_process() { return std::make_unique<SingleProcess>(); }

}  // namespace claptools
