/**
 * What two nodes must agree on before their data is looked at (spec 1.6 to 1.9): versions,
 * features, who they are, and the settings of the connection. Begin with {@link
 * io.jdrbd.state.handshake.FeatureRules}, {@link io.jdrbd.state.handshake.AuthenticationRules} and
 * {@link io.jdrbd.state.handshake.ProtocolRules}.
 */
package io.jdrbd.state.handshake;
