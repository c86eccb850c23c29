/**
 * How a bitmap travels: plain words or run lengths, packet by packet (spec 6.2). Begin with {@link
 * io.jdrbd.wire.bitmap.BitmapSender} and {@link io.jdrbd.wire.bitmap.BitmapReceiver}.
 */
package io.jdrbd.wire.bitmap;
