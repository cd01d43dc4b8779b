package org.medficientsam.function.service;

/**
 * The process has been told to end and its cases have had their time; what is still under way is to end now.
 *
 * @param reason what it ends with
 */
public record ServiceStopping(ProblemException reason) {}
