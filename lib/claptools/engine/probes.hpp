#pragma once

#include <string>
#include <vector>

#include "claptools/engine/model.hpp"

namespace claptools {

/// Three unlike texts and two unlike sounds (white noise, a tone) of one window: what a model is
/// tried on.
std::vector<std::string> probe_texts();
std::vector<std::vector<float>> probe_sounds(const AudioSpec& audio);

/// Clip embeddings of the probe sounds, [2, dim].
Matrix embed_probe_sounds(const Model& model);

/// The same, each sound on a thread and in a pass of its own: for those who wait. Its last bits
/// depend on where the weights lie in memory, so it is not for what is stored.
Matrix embed_probe_sounds_at_once(const Model& model);

}  // namespace claptools
