/** The commands. */
package io.jdrbd.cli;
