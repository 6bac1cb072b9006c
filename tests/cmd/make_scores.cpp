// usage: make_scores OUT.h5 TYPE [SECONDS [FAILED]...] <rows
// Writes scores as reference tools do, from a table whose fields are separated by blanks: the
// header "id CLASS...", then a name and a score for each class a line. TYPE is f2, f4, f8, i4 or i8
// as NumPy calls them. With SECONDS above 0 a score is one a frame, "0.1,0.2", of clips that last
// so long. FAILED are the ids in errors/.
#include <hdf5.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Strings = std::vector<std::string>;

Strings split(const std::string& text, char separator) {
  Strings parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

hid_t half_type() {
  const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(type, 15, 10, 5, 0, 10);
  H5Tset_size(type, 2);
  H5Tset_ebias(type, 15);
  return type;
}

void write(hid_t file, const char* name, const std::vector<hsize_t>& shape, hid_t stored,
           hid_t given, const void* values) {
  const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
  const hid_t set = H5Dcreate2(file, name, stored, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (set < 0 || H5Dwrite(set, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) std::exit(74);
  H5Dclose(set);
  H5Sclose(space);
}

void write(hid_t file, const char* name, const Strings& texts) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  std::vector<const char*> pointers;
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  write(file, name, {texts.size()}, type, type, pointers.data());
}

/// A blank in a name is written as "+".
std::string name_of(std::string word) {
  for (char& c : word) c = c == '+' ? ' ' : c;
  return word;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const std::map<std::string, hid_t> types{{"f2", half_type()},
                                           {"f4", H5T_IEEE_F32LE},
                                           {"f8", H5T_IEEE_F64LE},
                                           {"i4", H5T_STD_I32LE},
                                           {"i8", H5T_STD_I64LE}};
  const double seconds = argc > 3 ? std::atof(argv[3]) : 0;
  std::string line;
  std::getline(std::cin, line);
  Strings classes, ids;
  for (const std::string& word : split(line, ' ')) classes.push_back(name_of(word));
  classes.erase(classes.begin());
  std::vector<std::vector<Strings>> cells;  // [clip][class][frame]
  while (std::getline(std::cin, line)) {
    const Strings words = split(line, ' ');
    ids.push_back(name_of(words.at(0)));
    auto& own = cells.emplace_back();
    for (std::size_t c = 1; c <= classes.size(); ++c) own.push_back(split(words.at(c), ','));
  }
  const std::size_t frames = cells.at(0).at(0).size();
  std::vector<double> scores;
  for (const auto& own : cells) {
    for (std::size_t t = 0; t < frames; ++t) {
      for (const Strings& of_class : own) scores.push_back(std::stod(of_class.at(t)));
    }
  }
  std::vector<hsize_t> shape{ids.size()};
  if (seconds > 0) shape.push_back(frames);
  if (classes.at(0) != "-") shape.push_back(classes.size());  // "-": grounding
  const hid_t file = H5Fcreate(argv[1], H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  write(file, "scores", shape, types.at(argv[2]), H5T_NATIVE_DOUBLE, scores.data());
  write(file, "clip_ids", ids);
  if (classes.at(0) != "-") write(file, "classes", classes);
  if (seconds > 0) write(file, "clip_seconds", {1}, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &seconds);
  if (argc > 4) {
    H5Gclose(H5Gcreate2(file, "errors", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    write(file, "errors/id", Strings(argv + 4, argv + argc));
  }
  return H5Fclose(file) < 0 ? 74 : 0;
}
