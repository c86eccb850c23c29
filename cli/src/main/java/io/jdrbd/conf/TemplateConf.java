package io.jdrbd.conf;

/**
 * What a resource has in common with others, instead of the usual.
 *
 * @param file that says it
 */
public record TemplateConf(String file, Sections common) {}
