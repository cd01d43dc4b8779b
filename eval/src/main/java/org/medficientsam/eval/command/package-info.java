/**
 * The command line: options, what is printed, the exit status. Each subcommand is a class of its own.
 *
 * <p>The only package that prints. It does not know how anything is done: that is in the packages it calls.
 */
@NullMarked
package org.medficientsam.eval.command;

import org.jspecify.annotations.NullMarked;
