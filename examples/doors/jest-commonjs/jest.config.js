const plugins = ['@babel/plugin-transform-modules-commonjs', 'babel-plugin-transform-import-meta']

module.exports = {
  transform: { '\\.m?js$': ['babel-jest', { plugins }] },
  transformIgnorePatterns: [],
}
