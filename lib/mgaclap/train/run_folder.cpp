#include "mgaclap/train/run_folder.hpp"

#include <cstring>
#include <span>
#include <system_error>

#include "mgaclap/core/atomic_file.hpp"
#include "mgaclap/core/error.hpp"
#include "mgaclap/train/learning_page.hpp"
#include "mgaclap/weights/safetensors.hpp"

namespace mgaclap {
namespace {

namespace fs = std::filesystem;

constexpr const char* kState = "state.safetensors";
constexpr const char* kSteps = "run/steps";
constexpr const char* kEpochs = "run/epochs";
constexpr const char* kBest = "run/best";
constexpr const char* kOptions = "run/options";

template <class T>
void add_values(WeightSet& set, const char* name, DType dtype, std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  set.add(name, dtype, {static_cast<std::int64_t>(values.size())}, {bytes.begin(), bytes.end()});
}

const TensorView& find(const WeightSet& set, const char* name, const fs::path& path) {
  const auto it = set.tensors.find(name);
  if (it == set.tensors.end())
    throw Error(Fault::data, path.native(), std::string("'") + name + "' is missing");
  return it->second;
}

template <class T>
T read_value(const WeightSet& set, const char* name, DType dtype, const fs::path& path) {
  const TensorView& view = find(set, name, path);
  if (view.dtype != dtype || view.bytes.size() != sizeof(T))
    throw Error(Fault::data, path.native(), std::string("'") + name + "' is not one number");
  T value;
  std::memcpy(&value, view.bytes.data(), sizeof(T));
  return value;
}

void write_text(const fs::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(std::as_bytes(std::span(text)));
  file.commit();
}

}  // namespace

RunFolder::RunFolder(fs::path path, Existing existing)
    : path_(std::move(path)), training_(path_ / "training") {
  if (existing == Existing::resume) {
    if (fs::is_directory(training_)) return;
    throw Error(Fault::no_input, path_.native(), "holds no training to resume");
  }
  const bool there = fs::exists(path_);
  if (there && existing == Existing::refuse)
    throw Error(Fault::cannot_create, path_.native(), "exists; use --force or --resume");
  const bool ours = fs::exists(path_ / "config.json") || fs::is_directory(training_);
  if (there && !ours && !fs::is_empty(path_)) {
    throw Error(Fault::cannot_create, path_.native(), "exists and is not a model directory");
  }
}

void RunFolder::create() const {
  std::error_code code;
  fs::remove_all(training_, code);
  fs::create_directories(training_, code);
  if (code) throw Error(Fault::cannot_create, path_.native(), code.message());
}

void RunFolder::remove_leftovers() const {
  for (const fs::path& folder : {path_, training_, training_ / "last"}) {
    std::error_code none_there;
    for (const auto& entry : fs::directory_iterator(folder, none_there)) {
      const std::string name = entry.path().filename().native();
      if (name.starts_with('.') && name.find(".part-") != std::string::npos)
        fs::remove(entry.path(), none_there);
    }
  }
}

void RunFolder::write_model(const ModelFiles& files, bool best,
                            const WeightSet& known_answer) const {
  // File by file: a folder that is replaced as a whole is gone for a moment, or half gone.
  update_model_directory(training_ / "last", files, known_answer);
  if (best) update_model_directory(path_, files, known_answer);
}

void RunFolder::save(const SavedRun& run) const {
  WeightSet set = run.state;
  const auto steps = static_cast<std::int64_t>(run.done.steps);
  const auto epochs = static_cast<std::int64_t>(run.done.epochs);
  add_values(set, kSteps, DType::i64, std::span(&steps, 1));
  add_values(set, kEpochs, DType::i64, std::span(&epochs, 1));
  add_values(set, kBest, DType::f64, std::span(&run.best, 1));
  add_values(set, kOptions, DType::u8, std::span(run.options));
  write_safetensors(training_ / kState, set);
}

std::optional<SavedRun> RunFolder::load() const {
  const fs::path path = training_ / kState;
  if (!fs::exists(path)) return std::nullopt;
  SavedRun run;
  run.state = read_safetensors(path);
  const auto count = [&](const char* name) {
    return static_cast<std::uint64_t>(read_value<std::int64_t>(run.state, name, DType::i64, path));
  };
  run.done = {count(kSteps), count(kEpochs)};
  run.best = read_value<double>(run.state, kBest, DType::f64, path);
  const TensorView& options = find(run.state, kOptions, path);
  run.options.assign(reinterpret_cast<const char*>(options.bytes.data()), options.bytes.size());
  return run;
}

void RunFolder::draw_curve(const std::string& title, const std::string& command) const {
  const TrainingHistory history = read_training_log(log_file());
  write_text(training_ / "curve.svg", learning_curve(history));
  write_text(training_ / "curve.html", learning_page(history, title, {{"command", command}}));
}

}  // namespace mgaclap
