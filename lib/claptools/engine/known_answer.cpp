#include "claptools/engine/known_answer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "claptools/core/error.hpp"
#include "claptools/engine/probes.hpp"

namespace claptools {
namespace {

void add(WeightSet& set, const char* name, const Matrix& matrix) {
  const auto bytes = std::as_bytes(std::span(matrix.data));
  set.add(name, DType::f32,
          {static_cast<std::int64_t>(matrix.rows), static_cast<std::int64_t>(matrix.cols)},
          {bytes.begin(), bytes.end()});
}

double difference(const Matrix& computed, const WeightSet& kept, const char* name,
                  std::string_view subject) {
  const auto it = kept.tensors.find(name);
  if (it == kept.tensors.end() || it->second.dtype != DType::f32 ||
      it->second.bytes.size() != computed.data.size() * sizeof(float)) {
    throw Error(Fault::data, subject,
                std::string("holds no known answer '") + name + "' of this model");
  }
  double largest = 0;
  for (std::size_t i = 0; i < computed.data.size(); ++i) {
    float value = 0;
    std::memcpy(&value, it->second.bytes.data() + i * sizeof value, sizeof value);
    const double d = std::abs(double{computed.data[i]} - value);
    largest = std::isnan(d) ? std::numeric_limits<double>::infinity() : std::max(largest, d);
  }
  return largest;
}

}  // namespace

WeightSet known_answer(const Model& model) {
  WeightSet answer;
  add(answer, "text", model.embed_texts(probe_texts()));
  add(answer, "audio", embed_probe_sounds(model));
  return answer;
}

double compare_known_answer(const Model& model, const WeightSet& kept, std::string_view subject) {
  return std::max(difference(model.embed_texts(probe_texts()), kept, "text", subject),
                  difference(embed_probe_sounds(model), kept, "audio", subject));
}

}  // namespace claptools
