"""How well questions are answered: sets of questions, figures, and the calibration's fit."""
